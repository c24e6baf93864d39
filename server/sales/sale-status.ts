import type { SaleStatus } from "../../shared/sales.ts";

/**
 * The status of a sale at a moment. The first that holds is the answer, in the order in which a purchase is refused:
 * cancelled · scheduled (it has not started) · ended · paused · live. A sale is live from its start on, and ended
 * from its end on: the moment of the end itself no longer sells.
 *
 * @param nowMs the database's time; all times in milliseconds since 1970, fractions allowed
 */
export function saleStatusAt(sale: SaleTimes, nowMs: number): SaleStatus {
  if (sale.cancelledAtMs !== null) return "cancelled";
  if (nowMs < sale.startsAtMs) return "scheduled";
  if (nowMs >= sale.endsAtMs) return "ended";
  if (sale.pausedAtMs !== null) return "paused";
  return "live";
}

/**
 * The same for whoever changes a sale or its stock under the items' locks: a sale whose leftovers went back to the
 * inventory is over for good, also if the database's clock is set back later.
 */
export function lastingStatusAt(
  sale: SaleTimes & { readonly leftoversReturnedAt: string | null },
  nowMs: number,
): SaleStatus {
  if (sale.leftoversReturnedAt !== null && sale.cancelledAtMs === null) return "ended";
  return saleStatusAt(sale, nowMs);
}

/** What a sale's status depends on, besides the clock. Milliseconds since 1970. */
export interface SaleTimes {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly pausedAtMs: number | null;
  readonly cancelledAtMs: number | null;
}
