import { and, desc, eq, isNotNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { items, purchaseAttempts, refunds, tasks } from "../../drizzle/schema/index.ts";
import { type PageInput, REFUND_REASON } from "../../shared/primitives.ts";
import type { Purchase, PurchaseStatus } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../paging.ts";

/** The buyer's own purchases, newest first. */
export async function mine(database: Database, userId: string, input: PageInput): Promise<Page<Purchase>> {
  // Ids of attempts are UUIDs of version 7, so their order is the order of time.
  const [beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const rows = await database.db
    .select({
      purchaseId: purchaseAttempts.id,
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
    .where(
      and(
        eq(purchaseAttempts.userId, userId),
        isNotNull(purchaseAttempts.position),
        beforeId === undefined ? undefined : lt(purchaseAttempts.id, beforeId),
      ),
    )
    .orderBy(desc(purchaseAttempts.id))
    .limit(input.limit + 1);
  const purchases = rows.map((row) => ({
    ...row,
    purchasedAt: isoTime(row.purchasedAt),
    refundedAt: row.refundedAt && isoTime(row.refundedAt),
  }));
  return page(purchases, input.limit, (purchase) => encodeCursor([purchase.purchaseId]));
}

/** The system itself gives back what the warehouse has refused; else it is an operator. */
const isRejected = sql`(${refunds.id} is not null and ${refunds.actorId} is null)`;

const cursorSchema = z.tuple([z.guid()]);
