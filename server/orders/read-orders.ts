import { desc, eq, type SQL, sql } from "drizzle-orm";
import { orderRefunds, orders } from "../../drizzle/schema/index.ts";
import type { Order, OrderRecord } from "../../shared/orders.ts";
import type { Database, Tx } from "../database/database.ts";
import { isoTime } from "../database/times.ts";

/**
 * Reads orders as they stand, the newest first. One statement, whatever the number of their lines.
 *
 * @param db the database, or the transaction whose own changes the answer is to show
 * @param which which orders, and how many at most
 */
export async function readOrders(db: Database["db"] | Tx, which: Which): Promise<Order[]> {
  return (await readOrderRecords(db, which)).map(({ idempotencyKey, refundedBy, ...order }) => order);
}

interface Which {
  readonly where: SQL | undefined;
  readonly limit: number;
}

/** The same with the keys that they were placed under, and who gave them back. */
export async function readOrderRecords(db: Database["db"] | Tx, { where, limit }: Which): Promise<OrderRecord[]> {
  const rows = await db
    .select({
      orderId: orders.id,
      idempotencyKey: orders.requestId,
      customerId: orders.customerId,
      warehouseId: orders.warehouseId,
      status: orders.status,
      inventoryUpdated: orders.inventoryUpdated,
      errorMessage: sql<string | null>`coalesce(${orders.errorMessage}, ${orderRefunds.reason})`,
      amountCents: orders.amountCents,
      currency: orders.currency,
      // Whatever others can see is paid.
      balanceCents: sql`coalesce(${orderRefunds.balanceAfterCents}, ${orders.balanceAfterCents})`.mapWith(Number),
      placedAt: orders.createdAt,
      updatedAt: orders.updatedAt,
      refundedAt: orderRefunds.refundedAt,
      refundedBy: orderRefunds.actorId,
      lines: linesOfOrder,
    })
    .from(orders)
    .leftJoin(orderRefunds, eq(orderRefunds.orderId, orders.id))
    .where(where)
    .orderBy(desc(orders.id))
    .limit(limit);
  return rows.map((row) => ({
    ...row,
    placedAt: isoTime(row.placedAt),
    updatedAt: isoTime(row.updatedAt),
    refundedAt: row.refundedAt && isoTime(row.refundedAt),
  }));
}

/** One that is known to be there. */
export async function orderOf(db: Database["db"] | Tx, orderId: number): Promise<Order> {
  const [order] = await readOrders(db, { where: eq(orders.id, orderId), limit: 1 });
  if (!order) throw new Error(`the order ${orderId} is missing`);
  return order;
}

/** Names and prices are those of the sale; the picture is the product's present one. */
const linesOfOrder = sql<Order["lines"]>`(
  select json_agg(
    json_build_object(
      'line', order_items.line,
      'productId', order_items.product_id,
      'productName', order_items.product_name,
      'imageUrl', products.image_url,
      'priceCents', order_items.price_cents,
      'quantity', order_items.quantity
    )
    order by order_items.line
  )
  from order_items
  join products on products.id = order_items.product_id
  where order_items.order_id = orders.id
)`;
