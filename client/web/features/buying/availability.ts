/** Whether an item can be bought, and if not, the words that stand in place of the button. */
export type Availability = "open" | "locked" | "sold-out" | "scheduled" | "paused" | "ended" | "cancelled";

export const CLOSED_WORDS: Record<Exclude<Availability, "open">, string> = {
  locked: "Needs an access code",
  "sold-out": "Sold out",
  scheduled: "Not started yet",
  paused: "Paused",
  ended: "Sale over",
  cancelled: "Cancelled",
};

/**
 * The quantities that a buyer may choose from, from 1 on.
 *
 * @param limitPerCustomer of the item; null where there is none
 * @param saleLimit the same over all items of the sale
 */
export function quantityChoices({
  limitPerCustomer,
  saleLimit,
  remaining,
}: {
  limitPerCustomer: number | null;
  saleLimit: number | null;
  remaining: number;
}): number[] {
  const most = Math.max(1, Math.min(limitPerCustomer ?? CHOICES_MAX, saleLimit ?? CHOICES_MAX, remaining, CHOICES_MAX));
  return Array.from({ length: most }, (_, index) => index + 1);
}

/** A list that is still chosen from quickly. */
const CHOICES_MAX = 10;
