import { eq, sql, sum } from "drizzle-orm";
import { orderItems, orderRefunds, orders } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";
import { returnToInventory } from "../sales/inventory.ts";
import { lockTask } from "../tasks/lock-task.ts";
import { callForOutcome } from "./outcome.ts";

/**
 * Gives an order back that the warehouse has refused for good: its money is in the wallet and its units are in the inventory.
 * Where the money went back before, only the units do: they never left the warehouse.
 *
 * To be called in the transaction that completes the order's dispatch, which makes it happen once. Locks the order, its task,
 * the inventory, the wallet.
 *
 * @param reason the buyer reads it
 */
export async function rejectOrder(tx: Tx, orderId: number, reason: string): Promise<void> {
  const [order] = await tx
    .select({ warehouseId: orders.warehouseId })
    .from(orders)
    .where(eq(orders.id, orderId))
    .for("update");
  if (!order) throw new Error(`the order ${orderId} that was to be dispatched is missing`);
  const [refund] = await tx
    .select({ unitsReturned: orderRefunds.unitsReturned })
    .from(orderRefunds)
    .where(eq(orderRefunds.orderId, orderId));
  if (refund) {
    if (refund.unitsReturned)
      throw new Error(`the units of order ${orderId} went back before, and yet it was dispatched`);
    await lockTask(tx, `order-${orderId}`);
    const units = await unitsOf(tx, orderId);
    await returnToInventory(
      tx,
      units.map((line) => ({ warehouseId: order.warehouseId, ...line })),
      { reason: `Order ${orderId} was refunded, then refused by the warehouse`, fingerprint: `order=${orderId}` },
    );
    await tx
      .update(orders)
      .set({ inventoryUpdated: false, updatedAt: sql`statement_timestamp()` })
      .where(eq(orders.id, orderId));
    return;
  }
  const outcome = await callForOutcome(
    tx,
    sql`settle_cancellation(${orderId}::bigint, null, ${reason}::text, ${`refused-${orderId}`}::text, true)`,
  );
  if (!outcome.success) throw new Error(`order ${orderId} could not be given back: ${outcome.message}`);
}

async function unitsOf(tx: Tx, orderId: number) {
  return tx
    .select({ productId: orderItems.productId, units: sum(orderItems.quantity).mapWith(Number) })
    .from(orderItems)
    .where(eq(orderItems.orderId, orderId))
    .groupBy(orderItems.productId);
}
