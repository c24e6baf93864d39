import { and, eq } from "drizzle-orm";
import { orders } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Order } from "../../shared/orders.ts";
import type { Database } from "../database/database.ts";
import { type Actor, isStaff } from "../http/context.ts";
import { readOrders } from "./read-orders.ts";

/**
 * One order as it stands: one's own, or any for staff. Somebody else's is answered like one that does not exist.
 *
 * @throws Fault NOT_FOUND
 */
export async function orderById(database: Database, actor: Actor, orderId: number): Promise<Order> {
  const ofActor = isStaff(actor) ? undefined : eq(orders.customerId, actor.userId);
  const [order] = await readOrders(database.db, { where: and(eq(orders.id, orderId), ofActor), limit: 1 });
  if (!order) throw new Fault("NOT_FOUND", `There is no order ${orderId}.`, { errorCode: "SQLITE_NOTFOUND" });
  return order;
}
