/** How often something does not hold that always should, as the beginning of a sentence. */
export function brokenWords(violations: number): string {
  return violations === 1 ? "Broken once" : `Broken ${violations} times`;
}
