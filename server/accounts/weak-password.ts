import { PASSWORD_ADVICE } from "../../shared/passwords.ts";

/**
 * Why a new password would be guessed soon, in words for whoever chose it; undefined for one that is good enough. Its
 * length is checked by the schema in `shared/rest.ts`.
 */
export async function weakPasswordProblem(account: NewAccount): Promise<string | undefined> {
  const password = plain(account.password);
  const reason =
    (isSimple(password) && "This password repeats a few characters, or counts on.") ||
    (isOwn(password, account) && "This password is hardly more than your own name or address, or the shop's name.") ||
    ((await isCommon(password)) && "This password is one of those that are tried first.");
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

function isSimple(password: string): boolean {
  const codes = [...password].map((character) => character.codePointAt(0) ?? 0);
  if (new Set(codes).size < DISTINCT_CHARACTERS_MIN) return true;
  const [step, ...steps] = codes.slice(1).map((code, at) => code - (codes[at] ?? 0));
  return (step === 1 || step === -1) && steps.every((each) => each === step);
}

const DISTINCT_CHARACTERS_MIN = 4;

/** Whether few letters are left when the words that everybody connects with the account are taken away. */
function isOwn(password: string, { email, name }: NewAccount): boolean {
  const address = plain(email);
  const [local = ""] = address.split("@", 1);
  const words = [address, local, ...`${local} ${plain(name)} ${SHOP_NAME}`.split(/[^\p{L}\p{N}]+/u)]
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

/** Whether it is on the list of what people choose most, as it stands or without a few digits and signs at its ends. */
async function isCommon(password: string): Promise<boolean> {
  const common = await commonPasswords();
  const core = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return common.has(password) || (password.length - core.length <= DECORATION_MAX && common.has(core));
}

const DECORATION_MAX = 5;

let known: Promise<ReadonlySet<string>> | undefined;

/** Some 49,000, and 6 MB of memory: read when somebody chooses a password for the first time. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  known ??= import("@zxcvbn-ts/language-common").then(({ dictionary }) => new Set(dictionary["passwords-common"]));
  return known;
}
