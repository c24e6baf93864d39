import type { SaleDetails } from "../../../../../shared/sales.ts";
import { countWords } from "../time-words.ts";

/** What all items of a sale come to. */
export function totalsOf({ items }: Pick<SaleDetails, "items">) {
  const sum = (valueIn: (item: SaleDetails["items"][number]) => number) =>
    items.reduce((total, item) => total + valueIn(item), 0);
  return {
    offered: sum(({ offered }) => offered),
    remaining: sum(({ remaining }) => remaining),
    sold: sum(({ sold }) => sold),
    purchases: sum(({ purchases, refunds }) => purchases - refunds),
    takenCents: sum(({ takenCents }) => takenCents),
  };
}

export function unitWords(units: number): string {
  return units === 1 ? "1 unit" : `${countWords(units)} units`;
}
