import type { Sale } from "../../../../shared/sales.ts";

/**
 * The sale that the front page shows: one that is open (the one that ends first), else the next to start, else the
 * one that ended last. Cancelled sales only where there is nothing else.
 */
export function currentSale(sales: readonly Sale[]): Sale | undefined {
  return (
    first(sales, ["live"], (sale) => Date.parse(sale.endsAt)) ??
    first(sales, ["paused"], (sale) => Date.parse(sale.endsAt)) ??
    first(sales, ["scheduled"], (sale) => Date.parse(sale.startsAt)) ??
    first(sales, ["ended"], (sale) => -Date.parse(sale.endsAt)) ??
    first(sales, ["cancelled"], (sale) => -Date.parse(sale.endsAt))
  );
}

function first(sales: readonly Sale[], statuses: readonly Sale["status"][], order: (sale: Sale) => number) {
  return sales.filter((sale) => statuses.includes(sale.status)).sort((a, b) => order(a) - order(b) || b.id - a.id)[0];
}
