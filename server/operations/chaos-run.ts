import { sql } from "drizzle-orm";
import { z } from "zod";
import type { ChaosFault } from "../../shared/operations.ts";
import type { Database } from "../database/database.ts";
import { epochMs } from "../database/times.ts";

/**
 * Where everything stood when a run of chaos began, as the last ids that were given: what has greater ones came later,
 * whatever any clock says.
 */
export const runMarkSchema = z.object({
  task: z.int(),
  logEntry: z.int(),
});
export type RunMark = z.infer<typeof runMarkSchema>;

export async function readMark({ db }: Pick<Database, "db">): Promise<RunMark> {
  const [last] = await db.execute<RunMark>(sql`
    select
      coalesce((select max(id) from tasks), 0) as task,
      coalesce((select max(id) from task_log), 0) as "logEntry"
  `);
  if (!last) throw new Error("the database answered no ids");
  return last;
}

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
