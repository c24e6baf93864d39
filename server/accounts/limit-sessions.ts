import { sql } from "drizzle-orm";
import type { Database } from "../database/database.ts";

/**
 * Ends those sessions of a user that began first, so that one more makes at most `SESSIONS_MAX`: who knows a password could
 * fill the table otherwise. It takes effect at once in the database; what a process remembers of one, it forgets within a minute.
 */
export async function limitSessions(database: Database, userId: string): Promise<void> {
  await database.withTransaction(
    (tx) =>
      tx.execute(sql`
        delete from sessions
        where id in (
          select id from sessions where user_id = ${userId} order by created_at desc offset ${SESSIONS_MAX - 1}
        )
      `),
    { name: "limit-sessions" },
  );
}

/** More than anybody has browsers and programs. */
const SESSIONS_MAX = 100;
