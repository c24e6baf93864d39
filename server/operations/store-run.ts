import { sql } from "drizzle-orm";
import { reconcileRuns } from "../../drizzle/schema/index.ts";
import type { ReconcileRun } from "../../shared/operations.ts";
import type { Database, Tx } from "../database/database.ts";
import { IS_UNRESOLVED } from "./reconcile-state.ts";

/** Stores what a reconciliation found, for `reconcileState`. */
export async function recordRun(database: Database, run: ReconcileRun): Promise<void> {
  await database.withTransaction((tx) => storeRun(tx, run), { name: "reconcile.record" });
}

/** The same in a transaction, and removes old runs that matter no more. @param run its time as the database gave it */
export async function storeRun(tx: Tx, run: ReconcileRun): Promise<void> {
  await tx.insert(reconcileRuns).values(run);
  // What is broken is kept until a run over everything checks the same and finds nothing, however old it is; so is the
  // latest of each scope.
  await tx.execute(sql`
    delete from reconcile_runs as runs
    where started_at < now() - ${KEPT_DAYS} * interval '1 day'
      and not (${IS_UNRESOLVED})
      and exists (
        select from reconcile_runs as later where later.scope = runs.scope and later.started_at > runs.started_at
      )
  `);
}

/** A run a minute makes some 3,000 rows of that, which is long enough to see when something began. */
const KEPT_DAYS = 2;
