import { and, asc, desc, eq, gte, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { items, purchaseAttempts, refunds, sales, users } from "../../drizzle/schema/index.ts";
import type { Asked, AttemptFilter, AttemptRecord } from "../../shared/record.ts";
import type { RefusalCode } from "../../shared/refusals.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor } from "../database/paging.ts";
import { isoTime } from "../database/times.ts";
import { idsFound, type Look, type Looked, lookedPage } from "./look.ts";

/**
 * All attempts to buy that reached a decision, bought or refused, newest first.
 *
 * There is no index on time, on sales or on refusals, each of which every purchase would pay for. Ids are made from the
 * database's clock right before the decision, so a period is found through the primary key with a margin, and `decidedAt`
 * says exactly what belongs to it. Of one person all are read, by the index of their keys: there is a limit to the
 * refusals of a day.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listAttempts(database: Database, input: Asked<AttemptFilter>): Promise<Looked<AttemptRecord>> {
  const { userId, limit } = input;
  const [before] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const meant = await itemsMeant(database.db, input);
  if (meant?.itemIds.length === 0) return { items: [], nextCursor: null, lookedTo: null };
  const look: Look = {
    table: purchaseAttempts,
    id,
    at: decidedAt,
    newestFirst: desc(id),
    range: rangeOf(input, { before, since: meant?.since }),
    ofOwner: userId === undefined ? undefined : eq(purchaseAttempts.userId, userId),
    filter: filterOf(input, meant?.itemIds),
  };
  const rows = await readAttempts(database, sql`${id} = any(${idsFound(look, limit)})`);
  return lookedPage(database, look, {
    rows,
    limit,
    positionOf: ({ attemptId, decidedAt: at }) => ({ id: attemptId, at }),
    cursorOf: (end) => [end.id],
  });
}

/** Attempts that are known to be few, newest first. */
export async function readAttempts({ db }: Database, which: SQL): Promise<AttemptRecord[]> {
  const rows = await db
    .select(COLUMNS)
    .from(purchaseAttempts)
    .innerJoin(items, eq(items.id, purchaseAttempts.itemId))
    .innerJoin(sales, eq(sales.id, items.saleId))
    .innerJoin(users, eq(users.id, purchaseAttempts.userId))
    .leftJoin(refunds, eq(refunds.purchaseId, id))
    .where(which)
    .orderBy(desc(id));
  return rows.map((row) => ({
    ...row,
    decidedAt: isoTime(row.decidedAt),
    refundedAt: row.refundedAt && isoTime(row.refundedAt),
  }));
}

const { id, position, decidedAt } = purchaseAttempts;

/** UUIDs of version 7, whose order is that of time. */
const cursorSchema = z.tuple([z.guid()]);

const COLUMNS = {
  userId: purchaseAttempts.userId,
  email: users.email,
  attemptId: id,
  idempotencyKey: purchaseAttempts.idempotencyKey,
  saleId: items.saleId,
  saleName: sales.name,
  itemId: purchaseAttempts.itemId,
  itemName: items.name,
  quantity: purchaseAttempts.quantity,
  decidedAt,
  outcome: sql<"bought" | RefusalCode>`coalesce(${purchaseAttempts.refusalCode}, 'bought')`,
  refusalMessage: purchaseAttempts.refusalMessage,
  amountCents: purchaseAttempts.amountCents,
  balanceCents: purchaseAttempts.balanceAfterCents,
  remaining: purchaseAttempts.remainingAfter,
  position,
  refundedAt: refunds.refundedAt,
};

/** The items that the filter names, and since when there can be attempts to buy them; undefined where it names none. */
async function itemsMeant(db: Database["db"], { saleId, itemId }: AttemptFilter) {
  if (saleId === undefined && itemId === undefined) return undefined;
  const found = await db
    .select({ itemId: items.id, since: sales.createdAt })
    .from(items)
    .innerJoin(sales, eq(sales.id, items.saleId))
    .where(
      and(
        saleId === undefined ? undefined : eq(items.saleId, saleId),
        itemId === undefined ? undefined : eq(items.id, itemId),
      ),
    )
    .orderBy(asc(items.id));
  return { itemIds: found.map((row) => row.itemId), since: found[0]?.since };
}

/** Where in the primary key to look. */
function rangeOf(
  { from, to }: AttemptFilter,
  { before, since }: { before: string | undefined; since: string | undefined },
): SQL {
  const ends = [
    from === undefined ? undefined : gte(id, firstIdAt(Date.parse(from) - MARGIN_MS)),
    since === undefined ? undefined : gte(id, firstIdAt(Date.parse(since) - MARGIN_MS)),
    to === undefined ? undefined : lt(id, firstIdAt(Date.parse(to) + MARGIN_MS)),
    before === undefined ? undefined : lt(id, before),
  ];
  return and(...ends) ?? sql`true`;
}

function filterOf({ outcome, from, to }: AttemptFilter, itemIds: readonly number[] | undefined): SQL {
  const conditions = [
    itemIds === undefined ? undefined : sql`${purchaseAttempts.itemId} = any(${sql.param(itemIds)}::bigint[])`,
    outcome === undefined ? undefined : isOf(outcome),
    from === undefined ? undefined : gte(decidedAt, from),
    to === undefined ? undefined : lt(decidedAt, to),
  ];
  return and(...conditions) ?? sql`true`;
}

function isOf(outcome: NonNullable<AttemptFilter["outcome"]>): SQL {
  if (outcome === "bought") return isNotNull(position);
  if (outcome === "refused") return isNull(position);
  return eq(purchaseAttempts.refusalCode, outcome);
}

/** The first id that could be made at a time. */
export function firstIdAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/**
 * How far an id's time may be from its decision's: a purchase waits for its turn for 10 s at most, and a clock that is set
 * is set by less.
 */
export const MARGIN_MS = 60_000;
