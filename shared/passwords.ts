/** Of a password that is chosen; both count characters, whatever they take up in a string. */
export const PASSWORD_CHARACTERS_MIN = 8;
export const PASSWORD_CHARACTERS_MAX = 128;

/** Of a password that is shown, as long as a string: anything longer is not looked at. */
export const PASSWORD_SENT_LENGTH_MAX = 1_000;

/** What stands after each reason why a password is refused. */
export const PASSWORD_ADVICE =
  "Please choose one that nobody else would think of, such as a few words that do not belong together.";

/** What is wrong with a new password's length, in words; undefined for one of a good length. */
export function passwordLengthProblem(password: string): string | undefined {
  const length = [...password].length;
  if (length < PASSWORD_CHARACTERS_MIN) return `A password has at least ${PASSWORD_CHARACTERS_MIN} characters.`;
  if (length > PASSWORD_CHARACTERS_MAX) return `A password has at most ${PASSWORD_CHARACTERS_MAX} characters.`;
  return undefined;
}
