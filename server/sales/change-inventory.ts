import { and, eq, sql } from "drizzle-orm";
import { inventory } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";
import { lockInventory, type Place, placeKey } from "./lock-inventory.ts";

/** Units that a place of the inventory gains (positive) or loses (negative). */
export interface InventoryChange extends Place {
  readonly units: number;
}

/** Puts units back into the inventory that they were taken from; locks as `lockInventory` says. */
export async function giveBackUnits(tx: Tx, changes: readonly InventoryChange[]): Promise<void> {
  const totals = totalsByPlace(changes);
  if (totals.length === 0) return;
  await lockInventory(tx, totals);
  await changeInventory(tx, totals);
}

/**
 * Changes rows that are locked, in one statement.
 *
 * @param changes one for each place
 */
export async function changeInventory(tx: Tx, changes: readonly InventoryChange[]): Promise<void> {
  const column = (valueIn: (change: InventoryChange) => number) => sql.param(changes.map(valueIn));
  const changed = await tx
    .update(inventory)
    .set({ units: sql`${inventory.units} + changed.units`, updatedAt: sql`statement_timestamp()` })
    .from(
      sql`unnest(
        ${column((change) => change.warehouseId)}::bigint[],
        ${column((change) => change.productId)}::bigint[],
        ${column((change) => change.units)}::integer[]
      ) as changed (warehouse_id, product_id, units)`,
    )
    .where(and(eq(inventory.warehouseId, sql`changed.warehouse_id`), eq(inventory.productId, sql`changed.product_id`)))
    .returning({ productId: inventory.productId });
  if (changed.length !== changes.length) {
    throw new Error(`of ${changes.length} places in the inventory only ${changed.length} are there`);
  }
}

/** The changes summed up, so that each place is there once, in the order in which rows are locked. */
export function totalsByPlace(changes: readonly InventoryChange[]): InventoryChange[] {
  const totals = new Map<string, InventoryChange>();
  for (const { warehouseId, productId, units } of changes) {
    const key = placeKey({ warehouseId, productId });
    totals.set(key, { warehouseId, productId, units: units + (totals.get(key)?.units ?? 0) });
  }
  return [...totals.values()]
    .filter(({ units }) => units !== 0)
    .sort((a, b) => a.warehouseId - b.warehouseId || a.productId - b.productId);
}
