/**
 * The one of `known` names that somebody meant who wrote `name`: it is another by two letters, three of a long one, or by their case.
 * Undefined for a known name, and for one that resembles none.
 */
export function misspelt(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  const upper = name.toUpperCase();
  return known.find((each) => {
    if (each === upper) return true;
    const lettersMax = each.length < LONG ? 2 : 3;
    if (each.length < LENGTH_MIN || Math.abs(each.length - upper.length) > lettersMax) return false;
    return lettersApart(upper, each) <= lettersMax;
  });
}

/** Short names resemble too many others: PORT, HOST. */
const LENGTH_MIN = 8;

/** Enough for another ending: TRUST_PROXIES, LIMIT_READS_PER_SEC. */
const LONG = 11;

/** The distance of Levenshtein: letters to add, to take away or to replace. */
function lettersApart(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
