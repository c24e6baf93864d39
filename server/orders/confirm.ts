import { and, eq, sql } from "drizzle-orm";
import { orders } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";

/** Says that an order's goods are on their way. One that was given back meanwhile stays given back. */
export async function confirmOrder(tx: Tx, orderId: number): Promise<void> {
  await tx
    .update(orders)
    .set({ status: "confirmed", updatedAt: sql`statement_timestamp()` })
    .where(and(eq(orders.id, orderId), eq(orders.status, "pending")));
}
