import { desc, eq, sql } from "drizzle-orm";
import { credits, users } from "../../drizzle/schema/index.ts";
import type { Asked, CreditFilter, CreditRecord } from "../../shared/record.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";
import { idsFound, type Look, type Looked, lookedPage, periodOf, timeCursorOf } from "./look.ts";

/**
 * All money that came into wallets from outside, newest first.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listCredits(database: Database, input: Asked<CreditFilter>): Promise<Looked<CreditRecord>> {
  const { userId, kind, limit } = input;
  const look: Look = {
    table: credits,
    id: credits.id,
    at: credits.creditedAt,
    newestFirst,
    range: periodOf(input, { at: credits.creditedAt, id: credits.id }),
    ofOwner: userId === undefined ? undefined : eq(credits.userId, userId),
    filter: kind === undefined ? sql`true` : eq(credits.kind, kind),
  };
  const rows = await database.db
    .select(COLUMNS)
    .from(credits)
    .innerJoin(users, eq(users.id, credits.userId))
    .where(sql`${credits.id} = any(${idsFound(look, limit)})`)
    .orderBy(newestFirst);
  const page = await lookedPage(database, look, {
    rows,
    limit,
    positionOf: ({ creditId, creditedAt }) => ({ id: creditId, at: creditedAt }),
    cursorOf: timeCursorOf,
  });
  return { ...page, items: page.items.map((row) => ({ ...row, creditedAt: isoTime(row.creditedAt) })) };
}

const newestFirst = sql`${desc(credits.creditedAt)}, ${desc(credits.id)}`;

const COLUMNS = {
  userId: credits.userId,
  email: users.email,
  creditId: credits.id,
  kind: credits.kind,
  amountCents: credits.amountCents,
  balanceCents: credits.balanceAfterCents,
  reason: credits.reason,
  actorId: credits.actorId,
  creditedAt: credits.creditedAt,
};
