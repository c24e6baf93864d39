import { and, eq, inArray, lt } from "drizzle-orm";
import { z } from "zod";
import { orders } from "../../drizzle/schema/index.ts";
import type { ListOrdersInput, OrderRecord } from "../../shared/orders.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { readOrders } from "./read-orders.ts";

/**
 * Anybody's orders with the keys that they were placed under, newest first. Filters hold together.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listOrders(database: Database, input: ListOrdersInput): Promise<Page<OrderRecord>> {
  const { userId, idempotencyKey } = input;
  const [beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const found = await readOrders(database.db, {
    where: and(
      userId === undefined ? undefined : eq(orders.customerId, userId),
      idempotencyKey === undefined ? undefined : eq(orders.requestId, idempotencyKey),
      beforeId === undefined ? undefined : lt(orders.id, beforeId),
    ),
    limit: input.limit + 1,
  });
  const { items, nextCursor } = page(found, input.limit, ({ orderId }) => encodeCursor([orderId]));
  const keys = await readKeys(
    database,
    items.map(({ orderId }) => orderId),
  );
  return { items: items.map((order) => ({ ...order, idempotencyKey: keys.get(order.orderId) ?? "" })), nextCursor };
}

/** They never change; a buyer's own list goes without them. */
async function readKeys({ db }: Database, orderIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await db
    .select({ id: orders.id, key: orders.requestId })
    .from(orders)
    .where(inArray(orders.id, [...orderIds]));
  return new Map(rows.map(({ id, key }) => [id, key]));
}

const cursorSchema = z.tuple([z.int()]);
