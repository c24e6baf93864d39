import { sql } from "drizzle-orm";
import type { ReconcileRun } from "../../shared/operations.ts";
import type { Database } from "../database/database.ts";
import { type OnCheck, runChecks } from "./checks/check.ts";
import { CHECKS } from "./checks/checks.ts";
import { ALL_ROWS } from "./checks/rows.ts";

/**
 * Proves that nothing was lost, doubled or oversold: checks every invariant over all rows, in one snapshot, while
 * the shop goes on selling. Takes time in proportion to what is stored.
 *
 * @returns what it found, and when it began by the clock of the database, as that writes it
 */
export async function reconcile(
  database: Database,
  { onCheck }: { onCheck?: OnCheck | undefined } = {},
): Promise<ReconcileRun> {
  const beganAt = performance.now();
  return database.withTransaction(
    async (tx) => {
      for (const setting of SETTINGS) await tx.execute(sql.raw(`set local ${setting}`));
      const [snapshot] = await tx.execute<{ at: string }>(sql`select statement_timestamp() as at`);
      if (!snapshot) throw new Error("the database answered no time");
      const checks = await runChecks(tx, CHECKS, { rows: ALL_ROWS, onCheck });
      const ok = checks.every((check) => check.ok);
      return { scope: "full", startedAt: snapshot.at, seconds: (performance.now() - beganAt) / 1_000, ok, checks };
    },
    { name: "reconcile", isolation: "repeatable read", readOnly: true, deadlineMs: DEADLINE_MS },
  );
}

/** Ten minutes: enough for hundreds of millions of rows, and an end where there would be none. */
const DEADLINE_MS = 600_000;

/** For statements that take long and read whole tables, unlike all others on these connections. */
const SETTINGS = [
  `statement_timeout = ${DEADLINE_MS}`,
  "enable_seqscan = on",
  "enable_hashjoin = on",
  "enable_mergejoin = on",
];
