import { and, eq, type SQL, sql } from "drizzle-orm";
import { orderItems, orderRefunds, orders, users } from "../../drizzle/schema/index.ts";
import type { Asked, OrderFilter, RecordedOrder } from "../../shared/record.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";
import { idsFound, type Look, type Looked, lookedPage, periodOf, timeCursorOf } from "./look.ts";

/**
 * All orders that were paid, as they stand now, newest first.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listRecordedOrders(
  database: Database,
  input: Asked<OrderFilter>,
): Promise<Looked<RecordedOrder>> {
  const { userId, limit } = input;
  const look: Look = {
    table: orders,
    id: orders.id,
    at: orders.createdAt,
    newestFirst,
    range: periodOf(input, { at: orders.createdAt, id: orders.id }),
    ofOwner: userId === undefined ? undefined : eq(orders.customerId, userId),
    filter: filterOf(input),
  };
  const rows = await database.db
    .select(COLUMNS)
    .from(orders)
    .innerJoin(users, eq(users.id, orders.customerId))
    .leftJoin(orderRefunds, eq(orderRefunds.orderId, orders.id))
    .where(sql`${orders.id} = any(${idsFound(look, limit)})`)
    .orderBy(newestFirst);
  const page = await lookedPage(database, look, {
    rows,
    limit,
    positionOf: ({ orderId, placedAt }) => ({ id: orderId, at: placedAt }),
    cursorOf: timeCursorOf,
  });
  const items = page.items.map((row) => ({
    ...row,
    placedAt: isoTime(row.placedAt),
    refundedAt: row.refundedAt && isoTime(row.refundedAt),
  }));
  return { ...page, items };
}

const newestFirst = sql`${orders.createdAt} desc, ${orders.id} desc`;

const COLUMNS = {
  userId: orders.customerId,
  email: users.email,
  orderId: orders.id,
  idempotencyKey: orders.requestId,
  status: orders.status,
  amountCents: orders.amountCents,
  currency: orders.currency,
  // Whatever others can see is paid.
  balanceCents: sql<number>`${orders.balanceAfterCents}`,
  placedAt: orders.createdAt,
  refundedAt: orderRefunds.refundedAt,
  units: sql<number>`(select sum(quantity) from order_items where order_items.order_id = orders.id)`,
  contents: sql<string>`(
    select string_agg(order_items.quantity || ' × ' || order_items.product_name, ', ' order by order_items.line)
    from order_items where order_items.order_id = orders.id
  )`,
};

function filterOf({ productId, status }: OrderFilter): SQL {
  const holds =
    productId === undefined
      ? undefined
      : sql`exists (
          select from ${orderItems} where ${eq(orderItems.orderId, orders.id)} and ${eq(orderItems.productId, productId)}
        )`;
  return and(status === undefined ? undefined : eq(orders.status, status), holds) ?? sql`true`;
}
