import { sql } from "drizzle-orm";
import type { ReconcileResult } from "../../shared/operations.ts";
import type { Database, Tx } from "../database/database.ts";
import { CHECKS, type Check } from "./checks.ts";

/**
 * Proves that nothing was lost, doubled or oversold: checks every invariant over all rows, in one snapshot, while
 * the shop goes on selling. Takes time in proportion to what is stored.
 */
export async function reconcile(database: Database): Promise<ReconcileResult> {
  return database.withTransaction(
    async (tx) => {
      for (const setting of SETTINGS) await tx.execute(sql.raw(`set local ${setting}`));
      const checks: ReconcileResult["checks"] = [];
      for (const check of CHECKS) checks.push(await run(tx, check));
      return { ok: checks.every((check) => check.ok), checks };
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

/** A broken invariant is shown by its first violations. */
const VIOLATIONS_SHOWN_MAX = 5;

async function run(tx: Tx, check: Check): Promise<ReconcileResult["checks"][number]> {
  const [counted] = await tx.execute<{ subjects: number; violations: number; shown: string[] | null }>(sql`
    with violations as (select violation from (${check.violations}) as found (violation))
    select
      (${check.subjects})::bigint as subjects,
      (select count(*) from violations) as violations,
      (select array_agg(violation) from (select violation from violations limit ${VIOLATIONS_SHOWN_MAX}) as shown) as shown
  `);
  if (!counted) throw new Error(`the check "${check.name}" answered nothing`);
  if (counted.violations === 0) {
    return { name: check.name, ok: true, detail: `${check.holds} (${counted.subjects} checked)` };
  }
  const shown = (counted.shown ?? []).join("; ");
  return { name: check.name, ok: false, detail: `Broken ${counted.violations} times: ${check.holds}. ${shown}` };
}
