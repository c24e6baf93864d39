import { Fault } from "../../shared/faults.ts";
import { type ItemPlace, SALE_ITEMS_MAX, type UpdateSaleInput } from "../../shared/sales.ts";
import type { LockedItem, LockedSale } from "./change-sale.ts";
import { refuseUnless } from "./refuse-unless.ts";

/**
 * Decides which items join a sale, which leave it, and how they stand then. A pure function, as `decideUpdate`.
 *
 * The order may change at any time. Items join and leave before the start only: then nothing was sold of any of them, so
 * that all that leaves goes back to the inventory, and whoever looks at an open sale sees every item that it ever sold.
 *
 * @returns `order` only where it differs from what would be so without it
 * @throws Fault NOT_FOUND, INVALID_INPUT, NOT_ALLOWED_NOW
 */
export function decideLineUp(sale: LockedSale, input: LineUpInput): LineUp {
  const { addItems: added = [], removeItemIds = [] } = input;
  const itemsById = new Map(sale.items.map((item) => [item.id, item]));
  const removed = [...new Set(removeItemIds)].map((itemId) => {
    const item = itemsById.get(itemId);
    if (!item) throw new Fault("NOT_FOUND", `removeItemIds: there is no item ${itemId} in this sale.`);
    return item;
  });
  refuseUnless(added.length + removed.length === 0 || sale.status === "scheduled", sale, "which items it has");
  const count = sale.items.length - removed.length + added.length;
  if (count === 0) throw new Fault("INVALID_INPUT", "removeItemIds: a sale has at least one item.");
  if (count > SALE_ITEMS_MAX) throw new Fault("INVALID_INPUT", `addItems: a sale has at most ${SALE_ITEMS_MAX} items.`);

  const asItIs = [
    ...sale.items.filter((item) => !removed.includes(item)).map(({ id }) => placeName({ itemId: id })),
    ...added.map((_, index) => placeName({ added: index })),
  ];
  const wanted = input.order?.map(placeName);
  if (wanted && !isSameSet(wanted, asItIs)) {
    throw new Fault("INVALID_INPUT", "order: it names each item that the sale has then, once.");
  }
  const isMoved = wanted?.some((name, index) => name !== asItIs[index]) ?? false;
  return { removed, added, order: isMoved ? input.order : undefined };
}

function placeName({ itemId, added }: ItemPlace): string {
  return itemId === undefined ? `added ${added}` : `item ${itemId}`;
}

function isSameSet(names: readonly string[], others: readonly string[]): boolean {
  const set = new Set(names);
  return names.length === others.length && set.size === names.length && others.every((name) => set.has(name));
}

type LineUpInput = Pick<UpdateSaleInput, "addItems" | "removeItemIds" | "order">;

export interface LineUp {
  readonly removed: readonly LockedItem[];
  readonly added: NonNullable<UpdateSaleInput["addItems"]>;
  readonly order: readonly ItemPlace[] | undefined;
}
