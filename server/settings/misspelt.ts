import { distance } from "fastest-levenshtein";

/**
 * The one of `known` names that somebody meant who wrote `name`: it is another by two letters, one of a short name, three of a long
 * one, by their order or case, by blanks, or it leaves off the end. Undefined for a known name, and for one that resembles none.
 */
export function misspelt(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  const upper = name.trim().toUpperCase();
  return known.find((each) => {
    if (sorted(each) === sorted(upper)) return true;
    if (upper.length >= SHORT && each.startsWith(upper)) return true;
    const lettersMax = each.length < SHORT ? 1 : each.length < LONG ? 2 : 3;
    return Math.abs(each.length - upper.length) <= lettersMax && distance(upper, each) <= lettersMax;
  });
}

/** PORT and HOST resemble each other, and much else. */
const SHORT = 8;

/** Enough for another ending: TRUST_PROXIES, LIMIT_READS_PER_SEC. */
const LONG = 11;

function sorted(text: string): string {
  return [...text].toSorted().join("");
}
