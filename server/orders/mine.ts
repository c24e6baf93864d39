import { and, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { orders } from "../../drizzle/schema/index.ts";
import type { Order } from "../../shared/orders.ts";
import type { PageInput } from "../../shared/primitives.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { readOrders } from "./read-orders.ts";

/** The buyer's own orders, newest first. */
export async function mine(database: Database, userId: string, input: PageInput): Promise<Page<Order>> {
  const [beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const rows = await readOrders(database.db, {
    where: and(eq(orders.customerId, userId), beforeId === undefined ? undefined : lt(orders.id, beforeId)),
    limit: input.limit + 1,
  });
  return page(rows, input.limit, (order) => encodeCursor([order.orderId]));
}

const cursorSchema = z.tuple([z.int()]);
