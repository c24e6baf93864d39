import { and, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { orders } from "../../drizzle/schema/index.ts";
import type { ListOrdersInput, OrderRecord } from "../../shared/orders.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { readOrderRecords } from "./read-orders.ts";

/**
 * Anybody's orders with the keys that they were placed under, newest first. Filters hold together.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listOrders(database: Database, input: ListOrdersInput): Promise<Page<OrderRecord>> {
  const { userId, idempotencyKey } = input;
  const [beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const found = await readOrderRecords(database.db, {
    where: and(
      userId === undefined ? undefined : eq(orders.customerId, userId),
      idempotencyKey === undefined ? undefined : eq(orders.requestId, idempotencyKey),
      beforeId === undefined ? undefined : lt(orders.id, beforeId),
    ),
    limit: input.limit + 1,
  });
  return page(found, input.limit, ({ orderId }) => encodeCursor([orderId]));
}

const cursorSchema = z.tuple([z.int()]);
