import type { Sum, Summary } from "../../../../../shared/record.ts";

/** What each sale comes to over its items, and the catalogue over its products, in their order. */
export function bySale(items: Summary["items"]): SaleSum[] {
  const sales = new Map<number | null, SaleSum>();
  for (const { saleId, saleName, saleStartsAt, sold, refunded, netCents } of items) {
    const so = sales.get(saleId) ?? { saleId, saleName, saleStartsAt, sold: NOTHING, refunded: NOTHING, netCents: 0 };
    sales.set(saleId, {
      ...so,
      sold: plus(so.sold, sold),
      refunded: plus(so.refunded, refunded),
      netCents: so.netCents + netCents,
    });
  }
  return [...sales.values()];
}

export type SaleSum = Pick<
  Summary["items"][number],
  "saleId" | "saleName" | "saleStartsAt" | "sold" | "refunded" | "netCents"
>;

const NOTHING: Sum = { count: 0, units: 0, cents: 0 };

function plus(one: Sum, other: Sum): Sum {
  return { count: one.count + other.count, units: one.units + other.units, cents: one.cents + other.cents };
}
