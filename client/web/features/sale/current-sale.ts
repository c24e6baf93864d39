import type { Sale } from "../../../../shared/sales.ts";

/**
 * The sale that the front page shows: the one that opened last, paused or not, else the next to start, else the one
 * that ended last. A cancelled one only where there is nothing else. A sale that is shown already stays while it is
 * open: nothing is swapped under the hand of somebody who is about to press Buy.
 *
 * @param shownId the sale that is shown already, if any
 */
export function currentSale(sales: readonly Sale[], shownId?: number): Sale | undefined {
  return (
    sales.find((sale) => sale.id === shownId && isOpen(sale)) ??
    first(sales.filter(isOpen), (sale) => -Date.parse(sale.startsAt)) ??
    first(withStatus(sales, "scheduled"), (sale) => Date.parse(sale.startsAt)) ??
    first(withStatus(sales, "ended"), (sale) => -Date.parse(sale.endsAt)) ??
    first(withStatus(sales, "cancelled"), (sale) => -Date.parse(sale.endsAt))
  );
}

function isOpen({ status }: Sale): boolean {
  return status === "live" || status === "paused";
}

function withStatus(sales: readonly Sale[], status: Sale["status"]): Sale[] {
  return sales.filter((sale) => sale.status === status);
}

/** The sale with the least value; among equals the newest. */
function first(sales: Sale[], order: (sale: Sale) => number): Sale | undefined {
  return sales.sort((a, b) => order(a) - order(b) || b.id - a.id)[0];
}
