import { sql } from "drizzle-orm";
import type { ReconcileResult } from "../../shared/operations.ts";
import type { Tx } from "../database/database.ts";
import { brokenWords } from "./broken-words.ts";
import type { Check } from "./checks.ts";

/** Puts one check to the database, and its answer into a sentence. */
export async function runCheck(tx: Tx, check: Check): Promise<ReconcileResult["checks"][number]> {
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
  return { name: check.name, ok: false, detail: `${brokenWords(counted.violations)}: ${check.holds}. ${shown}` };
}

/** A broken invariant is shown by its first violations. */
const VIOLATIONS_SHOWN_MAX = 5;

/** The present moment as the database writes it. As the first statement of a transaction: the moment of its snapshot. */
export async function readTime(tx: Tx): Promise<string> {
  const [row] = await tx.execute<{ now: string }>(sql`select statement_timestamp() as now`);
  if (!row) throw new Error("the database answered no time");
  return row.now;
}
