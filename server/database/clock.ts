import { sql } from "drizzle-orm";
import type { Tx } from "./database.ts";
import { epochMs } from "./times.ts";

/**
 * The database's time, to be read after the locks that the decision depends on: `now()` and a clock in the locking
 * statement itself are taken before the wait for a lock.
 *
 * @returns a timestamptz as text with microseconds, to be stored, and the same in ms
 */
export async function readClock(tx: Tx): Promise<{ now: string; nowMs: number }> {
  const [row] = await tx.execute<{ now: string; now_ms: number }>(sql`
    select clock.now::text as now, ${epochMs(sql`clock.now`)} as now_ms
    from (select clock_timestamp() as now) as clock
  `);
  if (!row) throw new Error("the database answered no time");
  return { now: row.now, nowMs: row.now_ms };
}
