import { PASSWORD_ADVICE } from "../../shared/passwords.ts";

/**
 * Why a new password would be guessed soon, in words for whoever chose it; undefined for one that is good enough. Its
 * length is checked by the schema in `shared/rest.ts`.
 */
export async function weakPasswordProblem(account: NewAccount): Promise<string | undefined> {
  const password = plain(account.password);
  const reason =
    (isRepeated(password) && "This password repeats a few characters.") ||
    (isOwn(password, account) && "This password is hardly more than your own name or address, or the shop's name.") ||
    ((await isGuessable(password)) && "This password is one of those that are tried first.");
  return reason ? `${reason} ${PASSWORD_ADVICE}` : undefined;
}

interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** As those who guess see it: they try capitals and look-alikes too. */
function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** What joins words, or stands between letters to make them look like more. */
function withoutSeparators(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}

function isRepeated(password: string): boolean {
  const isFew = new Set(password).size < DISTINCT_CHARACTERS_MIN;
  return isFew || REPEATED.test(password) || REPEATED.test(withoutSeparators(password));
}

const DISTINCT_CHARACTERS_MIN = 4;

/** A part that would be too short for a password, again and again. */
const REPEATED = /^(.{1,7})\1+$/u;

/** Whether few letters are left when the words that everybody connects with the account are taken away. */
function isOwn(password: string, { email, name }: NewAccount): boolean {
  const address = plain(email);
  const [local = "", host = ""] = address.split("@", 2);
  const domain = host.slice(0, Math.max(0, host.lastIndexOf(".")));
  const words = [address, local, ...`${local} ${domain} ${plain(name)} ${SHOP_NAME}`.split(/[^\p{L}\p{N}]+/u)]
    .filter((word) => word.length >= OWN_WORD_LENGTH_MIN)
    .sort((one, other) => other.length - one.length);
  const rest = words.reduce((left, word) => left.replaceAll(word, " "), password);
  return rest !== password && rest.replace(/[^\p{L}]/gu, "").length < OTHER_LETTERS_MIN;
}

const SHOP_NAME = "doorbuster";

/** Shorter ones occur in anything by chance. */
const OWN_WORD_LENGTH_MIN = 3;

/** The demo accounts' public password has four. */
const OTHER_LETTERS_MIN = 5;

/**
 * Whether it is found with few guesses: what people choose most, dates, rows of keys, and what is made of them. It is
 * looked at as it stands, without what joins its parts, and by the keys that it is typed with.
 */
async function isGuessable(password: string): Promise<boolean> {
  const estimate = await guessing();
  const start = [...password].slice(0, LOOKED_AT_MAX).join("");
  const bare = withoutSeparators(start);
  return [start, bare, onLatinKeys(bare)].some((form) => form !== "" && estimate(form) < GUESSES_MIN);
}

/** What zxcvbn calls "somewhat guessable" and better: it withstands whoever tries at a sign-in. */
const GUESSES_MIN = 1e6;

/** Characters. What begins well enough needs no more, and of 128 the estimate would take half a second. */
const LOOKED_AT_MAX = 32;

/** Russian words and rows of keys are on the list as they come out of a keyboard in its other layout. */
function onLatinKeys(text: string): string {
  return Array.from(text, (character) => LATIN_KEYS[CYRILLIC_KEYS.indexOf(character)] ?? character).join("");
}

const CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю";
const LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";

let loaded: Promise<(password: string) => number> | undefined;

/** 10 MB of memory: read when somebody chooses a password for the first time. */
function guessing(): Promise<(password: string) => number> {
  loaded ??= loadGuessing();
  return loaded;
}

async function loadGuessing(): Promise<(password: string) => number> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  const zxcvbn = new ZxcvbnFactory({ dictionary: { ...dictionary, trade: OF_THE_TRADE }, graphs: adjacencyGraphs });
  return (password) => zxcvbn.check(password).guesses;
}

/** What a shop like this one, and advice about passwords, make people think of. */
const OF_THE_TRADE = [SHOP_NAME, "flashsale", "blackfriday", "cybermonday", "correcthorsebatterystaple"];
