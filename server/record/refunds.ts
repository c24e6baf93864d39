import { and, eq, sql } from "drizzle-orm";
import { items, orderRefunds, refunds, users } from "../../drizzle/schema/index.ts";
import type { Asked, RefundFilter, RefundRecord } from "../../shared/record.ts";
import type { Database } from "../database/database.ts";
import { encodeCursor, type Page, page } from "../database/paging.ts";
import { isoTime } from "../database/times.ts";
import { periodOf } from "./look.ts";

/**
 * All that was given back, of purchases and of orders, newest first. Orders have no item of a sale. Each kind is read by an
 * index of its own, as many as a page can hold, and then both are merged.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listRefunds({ db }: Database, input: Asked<RefundFilter>): Promise<Page<RefundRecord>> {
  const { userId, saleId, itemId, limit } = input;
  const ofPurchases = sql`
    select ${refunds.id} as id, ${refunds.refundedAt} as at, ${refunds.userId} as user_id, purchase_id,
      null::bigint as order_id, ${refunds.itemId} as item_id, ${items.name} as what, amount_cents, balance_after_cents,
      units_returned, reason, actor_id
    from ${refunds}
    join ${items} on ${eq(items.id, refunds.itemId)}
    where ${and(
      itemId === undefined ? undefined : eq(refunds.itemId, itemId),
      saleId === undefined ? undefined : eq(items.saleId, saleId),
      userId === undefined ? undefined : eq(refunds.userId, userId),
      periodOf(input, { at: refunds.refundedAt, id: refunds.id }),
    )}
    order by at desc, id desc
    limit ${limit + 1}`;
  const ofOrders = sql`
    select ${orderRefunds.id} as id, ${orderRefunds.refundedAt} as at, customer_id, null::uuid, order_id, null::bigint,
      'Order ' || order_id, amount_cents, balance_after_cents, units_returned, reason, actor_id
    from ${orderRefunds}
    where ${and(
      itemId === undefined && saleId === undefined ? undefined : sql`false`,
      userId === undefined ? undefined : eq(orderRefunds.customerId, userId),
      periodOf(input, { at: orderRefunds.refundedAt, id: orderRefunds.id }),
    )}
    order by at desc, id desc
    limit ${limit + 1}`;
  const rows = await db.execute<RefundRow>(sql`
    select refund_id as "refundId", at as "refundedAt", given_back.user_id as "userId", ${users.email} as email,
      purchase_id as "purchaseId", order_id as "orderId", item_id as "itemId", what, amount_cents as "amountCents",
      balance_after_cents as "balanceCents", units_returned as "unitsReturned", reason, actor_id as "actorId"
    from (
      (${ofPurchases})
      union all
      (${ofOrders})
      order by at desc, id desc
      limit ${limit + 1}
    ) as given_back (
      refund_id, at, user_id, purchase_id, order_id, item_id, what, amount_cents, balance_after_cents, units_returned, reason,
      actor_id
    )
    join ${users} on ${users.id} = given_back.user_id
    order by at desc, refund_id desc
  `);
  const { items: found, nextCursor } = page(rows, limit, (row) => encodeCursor([row.refundedAt, row.refundId]));
  return { items: found.map((row) => ({ ...row, refundedAt: isoTime(row.refundedAt) })), nextCursor };
}

type RefundRow = RefundRecord & Record<string, unknown>;
