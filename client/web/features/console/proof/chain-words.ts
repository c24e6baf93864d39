import type { ItemHead } from "../../../../../shared/proof.ts";

/** What a chain holds, for people. */
export function chainWords({ chain, item }: Pick<ItemHead, "chain" | "item">): { name: string; of?: string } {
  if (item) return { name: `Attempts at ${item.name}`, of: `Item ${item.itemId} of ${item.saleName}` };
  return { name: TABLES[chain] ?? chain };
}

const TABLES: Readonly<Record<string, string>> = {
  refunds: "Refunds of purchases",
  orders: "Orders",
  order_refunds: "Refunds of orders",
  credits: "Money from outside",
  stock_adjustments: "Units given to items",
  receipts: "Goods received",
  audit_log: "Changes by staff",
};
