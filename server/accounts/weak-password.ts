import { setImmediate as nextTurn } from "node:timers/promises";
import { PASSWORD_ADVICE } from "../../shared/passwords.ts";
import { once } from "../concurrency/once.ts";

/**
 * Why a new password would be guessed soon, in words for whoever chose it; undefined for one that is good enough. Its
 * length is checked by the schema in `shared/rest.ts`. It costs the event loop some milliseconds, in pieces of two: many
 * are to be asked one after the other (`fair-queue.ts`).
 */
export async function weakPasswordProblem(account: NewAccount): Promise<string | undefined> {
  const password = plain(account.password);
  const others = withoutOwn(password, account);
  const reason =
    (isRepeated(password) && "This password repeats a few characters.") ||
    (others !== password &&
      (await isGuessable(others)) &&
      "This password is hardly more than your own name or address, or the shop's name.") ||
    ((await isGuessable(password)) && "This password is one of those that are tried first.");
  return reason ? `${reason} ${PASSWORD_ADVICE}` : undefined;
}

interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** As those who guess see it: they try capitals and look-alikes too, and words without their accents. */
function plain(text: string): string {
  return text.normalize("NFKD").toLowerCase().replace(ACCENTS, "").normalize("NFKC");
}

/** In other alphabets they make other letters, such as й of и. */
const ACCENTS = /(?<=\p{Script=Latin})\p{M}+/gu;

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

/** What is left when the words that everybody connects with the account are taken away. */
function withoutOwn(password: string, { email, name }: NewAccount): string {
  const address = plain(email);
  const [local = "", host = ""] = address.split("@", 2);
  const domain = host.slice(0, Math.max(0, host.lastIndexOf(".")));
  const words = [address, local, host, ...`${local} ${domain} ${plain(name)} ${SHOP_NAME}`.split(/[^\p{L}\p{N}]+/u)]
    .filter((word) => word.length >= OWN_WORD_LENGTH_MIN)
    .sort((one, other) => other.length - one.length);
  return words.reduce((left, word) => left.replaceAll(word, " "), password).trim();
}

const SHOP_NAME = "doorbuster";

/** Shorter ones occur in anything by chance. */
const OWN_WORD_LENGTH_MIN = 3;

/**
 * Whether it is found with few guesses: what people choose most, dates, rows of keys, and what is made of them. It is
 * looked at as it stands, without what joins its parts, and by the keys that it is typed with.
 */
async function isGuessable(password: string): Promise<boolean> {
  const estimate = await guessing();
  const start = [...password].slice(0, LOOKED_AT_MAX).join("");
  const bare = withoutSeparators(start);
  for (const form of new Set([start, bare || start, onLatinKeys(bare || start)])) {
    // Whatever else waits is served first: purchases.
    await nextTurn();
    if (estimate(form) < GUESSES_MIN) return true;
  }
  return false;
}

/** Any of the 50,000 words that are chosen most, with an ending that is chosen most (50 by zxcvbn), is below it. */
const GUESSES_MIN = 1e7;

/** Characters. What begins well enough needs no more, and of 128 the estimate would take half a second. */
const LOOKED_AT_MAX = 32;

/**
 * Readings of signs and digits as letters (4 as A) that are tried. With zxcvbn's 100 an estimate of 32 digits takes 14 ms
 * of a core, with 8 it takes 2, and finds the same but for three of 1,500 words so disguised.
 */
const READINGS_MAX = 8;

/** Russian words and rows of keys are on the list as they come out of a keyboard in its other layout. */
function onLatinKeys(text: string): string {
  return Array.from(text, (character) => LATIN_KEYS[CYRILLIC_KEYS.indexOf(character)] ?? character).join("");
}

const CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю";
const LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";

/** 10 MB of memory: read when somebody chooses a password for the first time. */
const guessing = once(loadGuessing);

async function loadGuessing(): Promise<(password: string) => number> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...dictionary, others: OTHER_WORDS },
    graphs: adjacencyGraphs,
    l33tMaxSubstitutions: READINGS_MAX,
  });
  return (password) => zxcvbn.check(password).guesses;
}

/** What a shop like this one and advice about passwords make people think of, and what the list lacks of other languages. */
const OTHER_WORDS = [
  ...[SHOP_NAME, "flashsale", "blackfriday", "cybermonday", "correcthorsebatterystaple", "login"],
  ...["adgangskode", "geslo", "haslo", "heslo", "sifre", "wachtwoord", "qwertz", "qwertzuiop", "ichliebedich"],
  ...["willkommen", "bienvenue", "bienvenido", "benvenuto", "bemvindo", "verano", "invierno", "hiver", "fruhling"],
];
