import type { Sale } from "../../../../shared/sales.ts";

/**
 * The sale that the front page shows: of those that are open the one with something to buy, then a paused one, then one
 * that is sold out, the one that opened last first; else the next to start, else the one that ended last. A cancelled one
 * only where there is nothing else. A sale that is shown already stays while it is open: nothing is swapped under the hand
 * of somebody who is about to press Buy.
 *
 * @param shownId the sale that is shown already, if any
 */
export function currentSale(sales: readonly Sale[], shownId?: number): Sale | undefined {
  return (
    sales.find((sale) => sale.id === shownId && isOpen(sale)) ??
    openSales(sales)[0] ??
    first(withStatus(sales, "scheduled"), (sale) => Date.parse(sale.startsAt)) ??
    first(withStatus(sales, "ended"), (sale) => -Date.parse(sale.endsAt)) ??
    first(withStatus(sales, "cancelled"), (sale) => -Date.parse(sale.endsAt))
  );
}

/** Those that are open: with something to buy, paused, sold out; among equals the one that opened last first. */
export function openSales(sales: readonly Sale[]): Sale[] {
  return sales
    .filter(isOpen)
    .sort((a, b) => rank(a) - rank(b) || Date.parse(b.startsAt) - Date.parse(a.startsAt) || b.id - a.id);
}

/** Whether the sale has no units at the moment. */
export function isSoldOut({ items }: Sale): boolean {
  return items.every(({ remaining }) => remaining <= 0);
}

function isOpen({ status }: Sale): boolean {
  return status === "live" || status === "paused";
}

function rank(sale: Sale): number {
  if (isSoldOut(sale)) return 2;
  return sale.status === "paused" ? 1 : 0;
}

function withStatus(sales: readonly Sale[], status: Sale["status"]): Sale[] {
  return sales.filter((sale) => sale.status === status);
}

/** The sale with the least value; among equals the newest. */
function first(sales: Sale[], order: (sale: Sale) => number): Sale | undefined {
  return sales.sort((a, b) => order(a) - order(b) || b.id - a.id)[0];
}
