/**
 * Reads an amount as a person types it: "50", "49.90", "49,90", "€ 50", "1,250.00".
 *
 * @returns integer minor units; undefined when it is not an amount, is zero, or has more than two decimals
 */
export function parseAmountCents(text: string): number | undefined {
  const match = /^(?:€\s*)?(\d{1,3}(?:[,\s]\d{3})+|\d+)(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const euros = Number((match[1] ?? "").replaceAll(/[,\s]/g, ""));
  const cents = euros * 100 + Number((match[2] ?? "").padEnd(2, "0"));
  return cents > 0 && cents <= TOP_UP_CENTS_MAX ? cents : undefined;
}

/** What one top-up may add in the page: €10,000. */
export const TOP_UP_CENTS_MAX = 1_000_000;
