import { dispatchCursors, items, reconcileMarks } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";

/**
 * Makes items, each with what follows its purchases: how many of them have become tasks, and how many were checked. Made
 * later, while a crowd buys, those would have to wait for the item's lock.
 *
 * @param rows at least one, of one sale
 * @returns the ids in the order of their ordinals
 */
export async function insertItems(tx: Tx, rows: readonly (typeof items.$inferInsert)[]): Promise<number[]> {
  const made = await tx
    .insert(items)
    .values([...rows])
    .returning({ itemId: items.id, ordinal: items.ordinal });
  const itemIds = made.sort((a, b) => a.ordinal - b.ordinal).map(({ itemId }) => itemId);
  await tx.insert(dispatchCursors).values(itemIds.map((itemId) => ({ itemId })));
  await tx.insert(reconcileMarks).values(itemIds.map((itemId) => ({ itemId })));
  return itemIds;
}
