/** What one top-up may add in the page: €10,000. */
export const TOP_UP_CENTS_MAX = 1_000_000;

/** The usual amounts of a top-up, and one that covers what is missing where none of these just does. */
export function proposedAmounts(missingCents: number): { amountsCents: number[]; chosenCents: number } {
  if (missingCents <= 0) return { amountsCents: [...AMOUNTS_CENTS], chosenCents: 5_000 };
  const chosenCents = Math.min(Math.ceil(missingCents / STEP_CENTS) * STEP_CENTS, TOP_UP_CENTS_MAX);
  return { amountsCents: [...new Set([...AMOUNTS_CENTS, chosenCents])].sort((a, b) => a - b), chosenCents };
}

const AMOUNTS_CENTS = [2_500, 5_000, 10_000, 25_000] as const;

/** Amounts that people pay: a multiple of €5. */
const STEP_CENTS = 500;
