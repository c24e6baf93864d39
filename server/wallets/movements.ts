import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { items, movements as movementsView, wallets } from "../../drizzle/schema/index.ts";
import type { PageInput } from "../../shared/primitives.ts";
import type { Movement } from "../../shared/wallets.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { isoTime, storedTimeSchema } from "../database/times.ts";

/**
 * The statement of a wallet, newest first: what each movement added to it, and the balance right after.
 *
 * Several purchases of one batch share its time; their ids are in the order in which they were decided.
 */
export async function movements(database: Database, userId: string, input: PageInput): Promise<Page<Movement>> {
  const [beforeTime, beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const { id, kind, movedAt, toAccount, amountCents } = movementsView;
  const rows = await database.db
    .select({
      id,
      kind,
      amountCents: sql<number>`case ${toAccount} when 'wallet' then ${amountCents} else -${amountCents} end`,
      balanceCents: movementsView.balanceAfterCents,
      currency: wallets.currency,
      description: sql<string>`coalesce(${movementsView.reason}, ${items.name})`,
      movedAt,
    })
    .from(movementsView)
    .innerJoin(wallets, eq(wallets.userId, movementsView.userId))
    .leftJoin(items, eq(items.id, movementsView.itemId))
    .where(
      and(
        eq(movementsView.userId, userId),
        beforeTime === undefined
          ? undefined
          : sql`(${movedAt}, ${id}) < (${beforeTime}::timestamptz, ${beforeId}::uuid)`,
      ),
    )
    .orderBy(desc(movedAt), desc(id))
    .limit(input.limit + 1);
  const { items: found, nextCursor } = page(rows, input.limit, (row) => encodeCursor([row.movedAt, row.id]));
  return { items: found.map((row) => ({ ...row, movedAt: isoTime(row.movedAt) })), nextCursor };
}

const cursorSchema = z.tuple([storedTimeSchema, z.guid()]);
