import { sql } from "drizzle-orm";
import type { ReconcileRun, ReconcileState } from "../../shared/operations.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";

/** Whether anything is known to be wrong, from the runs that are stored: it checks nothing itself. */
export async function reconcileState({
  database,
}: {
  readonly database: Pick<Database, "db">;
}): Promise<ReconcileState> {
  const rows = await latestRuns(database.db);
  const runAt = (place: KnownRun["place"]) => {
    const row = rows.find((each) => each.place === place);
    return row ? runOf(row) : null;
  };
  const broken = runAt("broken");
  return { ok: broken === null, broken, lastFull: runAt("lastFull"), lastNew: runAt("lastNew") };
}

/** The runs that say how things stand: at most one of each place. */
export async function latestRuns(db: Pick<Database["db"], "execute">): Promise<KnownRun[]> {
  return db.execute<KnownRun>(sql`
    select latest.*, extract(epoch from statement_timestamp() - started_at)::float8 as age
    from (
      (select 'lastFull' as place, * from reconcile_runs where scope = 'full' order by started_at desc limit 1)
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
export const IS_UNRESOLVED = sql`
  not runs.ok
  and not exists (
    select from reconcile_runs as clean
    where clean.scope = 'full'
      and clean.ok
      and clean.started_at >= runs.started_at
      and jsonb_path_query_array(clean.checks, '$[*].name')
        @> jsonb_path_query_array(runs.checks, '$[*] ? (@.ok == false).name')
  )`;

function runOf({ scope, started_at, seconds, ok, checks }: KnownRun): ReconcileRun {
  return { scope, startedAt: isoTime(started_at), seconds, ok, checks };
}

export interface KnownRun extends Omit<ReconcileRun, "startedAt">, Record<string, unknown> {
  readonly place: "lastFull" | "lastNew" | "broken";
  readonly started_at: string;
  /** Seconds since then. */
  readonly age: number;
}
