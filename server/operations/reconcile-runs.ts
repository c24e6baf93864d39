import { sql } from "drizzle-orm";
import { reconcileRuns } from "../../drizzle/schema/index.ts";
import type { ReconcileRun, ReconcileState } from "../../shared/operations.ts";
import type { Database, Tx } from "../database/database.ts";
import { isoTime } from "../database/times.ts";

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

/** Whether anything is known to be wrong, from the runs that are stored: it checks nothing itself. */
export async function reconcileState({
  database,
}: {
  readonly database: Pick<Database, "db">;
}): Promise<ReconcileState> {
  const rows = await latestRuns(database.db);
  const runAt = (standing: KnownRun["standing"]) => {
    const row = rows.find((each) => each.standing === standing);
    if (!row) return null;
    const { scope, started_at, seconds, ok, checks } = row;
    return { scope, startedAt: isoTime(started_at), seconds, ok, checks };
  };
  const broken = runAt("broken");
  return { ok: broken === null, broken, lastFull: runAt("lastFull"), lastNew: runAt("lastNew") };
}

/** The runs that say how things stand: at most one of each standing. */
export async function latestRuns(db: Pick<Database["db"], "execute">): Promise<KnownRun[]> {
  return db.execute<KnownRun>(sql`
    select latest.*, extract(epoch from statement_timestamp() - started_at)::float8 as age
    from (
      (select 'lastFull' as standing, * from reconcile_runs where scope = 'full' order by started_at desc limit 1)
      union all
      (select 'lastNew', * from reconcile_runs where scope = 'new' order by started_at desc limit 1)
      union all
      (
        select 'broken', * from reconcile_runs as runs where ${IS_UNRESOLVED} order by started_at desc limit 1
      )
    ) as latest
  `);
}

/**
 * Of a row of `runs`: it found something broken, and no run over everything that began later and found nothing has checked
 * the same. What was broken when that began it would have found, while what was found after its beginning it has not seen,
 * even if it ended later. Nor has one that left a check out, as the CLI leaves out the warehouse.
 */
const IS_UNRESOLVED = sql`
  not runs.ok
  and not exists (
    select from reconcile_runs as clean
    where clean.scope = 'full'
      and clean.ok
      and clean.started_at >= runs.started_at
      and jsonb_path_query_array(clean.checks, '$[*].name')
        @> jsonb_path_query_array(runs.checks, '$[*] ? (@.ok == false).name')
  )`;

export interface KnownRun extends Omit<ReconcileRun, "startedAt">, Record<string, unknown> {
  readonly standing: "lastFull" | "lastNew" | "broken";
  readonly started_at: string;
  /** Seconds since then. */
  readonly age: number;
}
