import { type SQL, sql } from "drizzle-orm";
import { repeat } from "../concurrency/repeat.ts";
import type { Database } from "../database/database.ts";

/**
 * Removes what has ended, at once and then every hour. Several workers may do so at once: who comes second finds less.
 *
 * @param onError told once of an error that comes again and again
 */
export function removeEndedRegularly(
  database: Database,
  { onError, everyMs = EVERY_MS }: { onError: (error: unknown) => void; everyMs?: number },
): { close(): Promise<void> } {
  return repeat(
    async (signal) => {
      await removeEnded(database, signal);
    },
    { everyMs, onError },
  );
}

/** What has ended harms nobody meanwhile. */
const EVERY_MS = 3_600_000;

/**
 * Removes what is worth nothing any more by the database's clock: sessions that have ended, verifications that have
 * expired, and what circuit breakers did long ago. In sets, so that no transaction is long. What was sold or paid and the
 * audit log are kept for ever.
 *
 * @param signal ends it between two sets
 * @returns how many rows are gone
 */
export async function removeEnded(database: Database, signal?: AbortSignal): Promise<number> {
  let removed = 0;
  for (const statement of [ENDED_SESSIONS, EXPIRED_VERIFICATIONS, OLD_TRANSITIONS]) {
    let isMore = true;
    while (isMore && !signal?.aborted) {
      const rows = await database.withTransaction((tx) => tx.execute(statement), { name: "operations.removeEnded" });
      removed += rows.length;
      isMore = rows.length === ROWS_AT_ONCE;
    }
  }
  return removed;
}

/** Some tens of milliseconds. */
const ROWS_AT_ONCE = 1_000;

/** As long as anybody asks how the warehouse was in the last season. */
const TRANSITIONS_KEPT_DAYS = 90;

/** Looked at once more where it is removed: it may have been used in the very last moment. */
const ENDED_SESSIONS = sql`
  delete from sessions
  where id = any(${first(sql`select id from sessions where expires_at < statement_timestamp() order by expires_at`)})
    and expires_at < statement_timestamp()
  returning 1`;

const EXPIRED_VERIFICATIONS = sql`
  delete from verifications
  where id = any(${first(sql`select id from verifications where expires_at < statement_timestamp()`)})
  returning 1`;

/** The first rows are the oldest, as good as always: one that is out of its turn goes in a later set. */
const OLD_TRANSITIONS = sql`
  delete from breaker_transitions
  where id = any(${first(sql`select id from breaker_transitions order by id`)})
    and at < statement_timestamp() - ${TRANSITIONS_KEPT_DAYS} * interval '1 day'
  returning 1`;

/** As an array, which is made once whatever the plan: a subquery might be run anew for each row. */
function first(chosen: SQL): SQL {
  return sql`array(${chosen} limit ${ROWS_AT_ONCE})`;
}
