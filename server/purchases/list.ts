import { and, desc, eq, inArray, isNotNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { items, purchaseAttempts, refunds, tasks } from "../../drizzle/schema/index.ts";
import { REFUND_REASON } from "../../shared/primitives.ts";
import type { ListPurchasesInput, Purchase, PurchaseRecord, PurchaseStatus } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { isoTime } from "../database/times.ts";
import { storedKey } from "./stored.ts";

/**
 * Anybody's purchases with the keys that they were made under, newest first: those of a buyer, or of an item by their
 * position. Filters hold together.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listPurchases({ db }: Database, input: ListPurchasesInput): Promise<Page<PurchaseRecord>> {
  const { userId, itemId, purchaseId, idempotencyKey, limit } = input;
  const { id, position } = purchaseAttempts;
  const where = [
    userId === undefined ? undefined : eq(purchaseAttempts.userId, userId),
    itemId === undefined ? undefined : eq(purchaseAttempts.itemId, itemId),
    purchaseId === undefined ? undefined : eq(id, purchaseId),
    userId === undefined || idempotencyKey === undefined
      ? undefined
      : inArray(purchaseAttempts.idempotencyKey, keysMeant({ userId, idempotencyKey })),
  ];
  const isOfItem = userId === undefined && purchaseId === undefined;
  if (isOfItem) {
    const [before] = decodeCursor(input.cursor, positionSchema) ?? [];
    if (before !== undefined) where.push(lt(position, before));
  } else {
    const [before] = decodeCursor(input.cursor, idSchema) ?? [];
    if (before !== undefined) where.push(lt(id, before));
  }
  const rows = await db
    .select(COLUMNS)
    .from(purchaseAttempts)
    .innerJoin(items, eq(items.id, purchaseAttempts.itemId))
    .leftJoin(refunds, eq(refunds.purchaseId, id))
    .leftJoin(tasks, eq(tasks.taskId, sql`${id}::text`))
    // Attempts that were refused have no position, and are no purchases.
    .where(and(isNotNull(position), ...where))
    .orderBy(desc(isOfItem ? position : id))
    .limit(limit + 1);
  const purchases = rows.map((row) => ({
    ...row,
    purchasedAt: isoTime(row.purchasedAt),
    refundedAt: row.refundedAt && isoTime(row.refundedAt),
  }));
  return page(purchases, limit, (row) => encodeCursor([isOfItem ? row.position : row.purchaseId]));
}

/** What a buyer is shown of it. */
export function ofBuyer({ userId, idempotencyKey, refundedBy, ...purchase }: PurchaseRecord): Purchase {
  return purchase;
}

/** What stands for the key that a buyer sent; and the key itself where it may be what stands here for one, and was copied. */
export function keysMeant(key: { userId: string; idempotencyKey: string }): string[] {
  const isShown = z.guid().safeParse(key.idempotencyKey).success;
  return isShown ? [storedKey(key), key.idempotencyKey] : [storedKey(key)];
}

const positionSchema = z.tuple([z.int()]);
/** As in one's own list: UUIDs of version 7, whose order is that of time. */
const idSchema = z.tuple([z.guid()]);

/** The system itself gives back what the warehouse has refused; else it is an operator. */
const isRejected = sql`(${refunds.id} is not null and ${refunds.actorId} is null)`;

const COLUMNS = {
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
};
