import type { TestDatabase } from "./test-database.ts";

/** Whether anybody in this database waits for a lock, or as many as are expected. */
export async function isWaitingForLock(sql: TestDatabase["sql"], count = 1): Promise<boolean> {
  const waiting =
    await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return waiting.length >= count;
}
