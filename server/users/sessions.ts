import { and, desc, eq, gt, sql } from "drizzle-orm";
import { sessions } from "../../drizzle/schema/index.ts";
import type { UserSession } from "../../shared/users.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";

/** Where somebody is signed in, the latest first: all of it, since nobody has more than a hundred. Never a token. */
export async function sessionsOf({ db }: Database, userId: string): Promise<{ items: UserSession[] }> {
  const rows = await db
    .select({
      sessionId: sessions.id,
      startedAt: sessions.createdAt,
      lastSeenAt: sessions.updatedAt,
      expiresAt: sessions.expiresAt,
      address: sessions.ipAddress,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, sql`now()`)))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(SHOWN_MAX);
  return {
    items: rows.map(({ startedAt, lastSeenAt, expiresAt, ...row }) => ({
      ...row,
      startedAt: isoTime(startedAt),
      lastSeenAt: isoTime(lastSeenAt),
      expiresAt: isoTime(expiresAt),
    })),
  };
}

/** As many as an account can have (`accounts/limit-sessions.ts`). */
const SHOWN_MAX = 100;
