import { and, eq } from "drizzle-orm";
import { orders } from "../../drizzle/schema/index.ts";
import type { Order } from "../../shared/orders.ts";
import type { Database } from "../database/database.ts";
import { readOrders } from "./read-orders.ts";

/** The buyer's own order under this key, as it stands; null when none was placed under it. */
export async function orderByKey(database: Database, userId: string, idempotencyKey: string): Promise<Order | null> {
  const [order] = await readOrders(database.db, {
    where: and(eq(orders.customerId, userId), eq(orders.requestId, idempotencyKey)),
    limit: 1,
  });
  return order ?? null;
}
