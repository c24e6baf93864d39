import { and, asc, eq, sql } from "drizzle-orm";
import { inventory } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";

/** A product in a warehouse. */
export interface Place {
  readonly warehouseId: number;
  readonly productId: number;
}

/**
 * Locks rows of the inventory. Lock order: after items and sales, before wallets; among themselves ascending by warehouse
 * and product, as orders lock theirs (`drizzle/functions/allocate_inventory.sql`).
 *
 * @returns the units in each place, by `placeKey`; a place that the warehouse does not keep is left out
 */
export async function lockInventory(tx: Tx, places: readonly Place[]): Promise<Map<string, number>> {
  const wanted = sql`unnest(
    ${sql.param(places.map((place) => place.warehouseId))}::bigint[],
    ${sql.param(places.map((place) => place.productId))}::bigint[]
  ) as wanted (warehouse_id, product_id)`;
  const rows = await tx
    .select({ warehouseId: inventory.warehouseId, productId: inventory.productId, units: inventory.units })
    .from(inventory)
    .innerJoin(
      wanted,
      and(eq(inventory.warehouseId, sql`wanted.warehouse_id`), eq(inventory.productId, sql`wanted.product_id`)),
    )
    .orderBy(asc(inventory.warehouseId), asc(inventory.productId))
    .for("update", { of: inventory });
  return new Map(rows.map((row) => [placeKey(row), row.units]));
}

export function placeKey({ warehouseId, productId }: Place): string {
  return `${warehouseId} ${productId}`;
}
