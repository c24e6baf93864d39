/**
 * Reads an amount as a person types it: "50", "49.90", "49,90", "€ 50", "1,250.00".
 *
 * @returns integer minor units; undefined when it is not an amount, has more than two decimals, or is more than `centsMax`
 */
export function parseAmountCents(text: string, centsMax: number): number | undefined {
  const match = /^(?:€\s*)?(\d{1,3}(?:[,\s]\d{3})+|\d+)(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const euros = Number((match[1] ?? "").replaceAll(/[,\s]/g, ""));
  const cents = euros * 100 + Number((match[2] ?? "").padEnd(2, "0"));
  return cents > 0 && cents <= centsMax ? cents : undefined;
}

/** An amount as it stands in a field: "49.90". */
export function amountText(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** Reads a whole number as a person types it: "200", "1,000", "1 000". Undefined when it is none, or not within the bounds. */
export function parseWhole(
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const match = /^(?:\d{1,3}(?:[,\s]\d{3})+|\d+)$/.exec(text.trim());
  const number = match ? Number(match[0].replaceAll(/[,\s]/g, "")) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}
