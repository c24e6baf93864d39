import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import { items, purchaseAttempts, refunds, tasks } from "../../drizzle/schema/index.ts";
import { REFUND_REASON } from "../../shared/primitives.ts";
import type { PurchaseRecord, PurchaseStatus } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";

/**
 * Reads purchases as they stand, attempts that were refused are none.
 *
 * @param which.where which purchases
 * @param which.orderBy an order that an index has for these
 * @param which.limit how many at most
 */
export async function readPurchases({ db }: Database, { where, orderBy, limit }: Which): Promise<PurchaseRecord[]> {
  const rows = await db
    .select({
      purchaseId: purchaseAttempts.id,
      userId: purchaseAttempts.userId,
      idempotencyKey: purchaseAttempts.idempotencyKey,
      saleId: items.saleId,
      itemId: purchaseAttempts.itemId,
      itemName: items.name,
      imageUrl: items.imageUrl,
      quantity: purchaseAttempts.quantity,
      amountCents: sql<number>`${purchaseAttempts.amountCents}`,
      balanceCents: sql<number>`${purchaseAttempts.balanceAfterCents}`,
      position: sql<number>`${purchaseAttempts.position}`,
      purchasedAt: purchaseAttempts.decidedAt,
      refundedAt: refunds.refundedAt,
      refundedBy: refunds.actorId,
      rejectedBecause: sql<string | null>`case when ${isRejected} then ${refunds.reason} end`,
      refundedBecause: sql<string | null>`case
        when ${refunds.actorId} is not null then coalesce(${refunds.reason}, ${REFUND_REASON}::text)
      end`,
      status: sql<PurchaseStatus>`case
        when ${isRejected} then 'rejected'
        when ${refunds.id} is not null then 'refunded'
        when ${tasks.status} = 'COMPLETED' then 'dispatched'
        when ${tasks.id} is null or ${tasks.status} = 'PENDING' and ${tasks.attempts} = 0 then 'paid'
        else 'dispatching'
      end`,
    })
    .from(purchaseAttempts)
    .innerJoin(items, eq(items.id, purchaseAttempts.itemId))
    .leftJoin(refunds, eq(refunds.purchaseId, purchaseAttempts.id))
    .leftJoin(tasks, eq(tasks.taskId, sql`${purchaseAttempts.id}::text`))
    .where(and(isNotNull(purchaseAttempts.position), where))
    .orderBy(orderBy)
    .limit(limit);
  return rows.map((row) => ({
    ...row,
    purchasedAt: isoTime(row.purchasedAt),
    refundedAt: row.refundedAt && isoTime(row.refundedAt),
  }));
}

/** The system itself gives back what the warehouse has refused; else it is an operator. */
const isRejected = sql`(${refunds.id} is not null and ${refunds.actorId} is null)`;

interface Which {
  readonly where: SQL | undefined;
  readonly orderBy: SQL;
  readonly limit: number;
}
