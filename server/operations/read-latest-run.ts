import { sql } from "drizzle-orm";
import type { ChaosFault } from "../../shared/operations.ts";
import type { Database } from "../database/database.ts";
import { epochMs } from "../database/times.ts";
import { type RunMark, runMarkSchema } from "./run-mark.ts";

/** Faults that overlapped, or followed each other closely. */
export interface ChaosRun {
  readonly runId: number;
  readonly startedAt: string;
  /** When the last fault ended or will end. */
  readonly endsAt: string;
  readonly endsAtMs: number;
  readonly isOver: boolean;
  /** In the order in which they were first given. */
  readonly faults: ChaosFault[];
  readonly mark: RunMark;
}

/** Undefined when there never was one. */
export async function readLatestRun({ db }: Pick<Database, "db">): Promise<ChaosRun | undefined> {
  const [run] = await db.execute<Row>(sql`
    with run as (
      select * from chaos_faults where run_id = (select max(run_id) from chaos_faults)
    )
    select
      min(run_id) as "runId",
      min(started_at) as "startedAt",
      max(ends_at) as "endsAt",
      ${epochMs(sql`max(ends_at)`)} as "endsAtMs",
      max(ends_at) <= statement_timestamp() as "isOver",
      (select array_agg(fault order by first_id) from (select fault, min(id) as first_id from run group by fault) as each)
        as faults,
      -- Two faults that began it at once have left a mark each: the run began with the earlier one.
      (
        select settings -> 'mark'
        from run
        where settings ? 'mark'
        order by (settings -> 'mark' ->> 'task')::bigint, (settings -> 'mark' ->> 'logEntry')::bigint
        limit 1
      ) as mark
    from run
    having count(*) > 0
  `);
  if (!run) return undefined;
  return { ...run, mark: runMarkSchema.parse(run.mark) };
}

interface Row extends Omit<ChaosRun, "mark">, Record<string, unknown> {
  readonly mark: unknown;
}
