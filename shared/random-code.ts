/** An access code of some 45 bits, which nobody guesses at the pace at which codes may be tried. */
export function randomCode(): string {
  let code = "";
  while (code.length < LENGTH) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    // What is over would make the first letters likelier.
    if (byte < EVEN_BELOW) code += LETTERS[byte % LETTERS.length];
  }
  return code;
}

const LENGTH = 10;

/** Without those that are taken for one another: 0 and O, 1, I and L, 2 and Z, 5 and S, 8 and B, U and V; and
 * without E, with which digits in an address are taken for a number. */
const LETTERS = "34679ACDFGHJKMNPQRTUWXY";

const EVEN_BELOW = 256 - (256 % LETTERS.length);
