import { and, asc, eq, sql } from "drizzle-orm";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { inventory, orderItems } from "../../drizzle/schema/index.ts";

/*
 * How an order's units are taken by the book: line after line, a SELECT that locks and an UPDATE that takes, in the order
 * of products so that two orders never wait for each other in a circle.
 */

/** @returns false when a product is missing or short: then the caller has to roll back what was taken */
export async function allocateLineByLine(
  tx: PostgresJsDatabase,
  orderId: number,
  warehouseId: number,
): Promise<boolean> {
  const lines = await tx
    .select()
    .from(orderItems)
    .where(eq(orderItems.orderId, orderId))
    .orderBy(asc(orderItems.productId));
  for (const { productId, quantity } of lines) {
    const place = and(eq(inventory.warehouseId, warehouseId), eq(inventory.productId, productId));
    const [kept] = await tx.select().from(inventory).where(place).for("update");
    if (!kept || kept.units < quantity) return false;
    await tx
      .update(inventory)
      .set({ units: kept.units - quantity, updatedAt: sql`clock_timestamp()` })
      .where(place);
  }
  return lines.length > 0;
}

/** The same loop inside the database, which saves the way there and back for each line; for this session alone. */
export async function makeLoopInDatabase(session: postgres.Sql): Promise<void> {
  await session.unsafe(`
    create function pg_temp.allocate_in_loop(p_order_id bigint, p_warehouse_id bigint) returns boolean
    language plpgsql as $$
    declare
      line record;
      available integer;
    begin
      for line in select product_id, quantity from order_items where order_id = p_order_id order by product_id loop
        select units into available from inventory
        where warehouse_id = p_warehouse_id and product_id = line.product_id for update;
        if not found or available < line.quantity then return false; end if;
        update inventory set units = units - line.quantity, updated_at = clock_timestamp()
        where warehouse_id = p_warehouse_id and product_id = line.product_id;
      end loop;
      return true;
    end $$`);
}
