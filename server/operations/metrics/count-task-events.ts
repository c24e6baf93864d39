import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { lastIdBefore, type Series } from "./last-id-before.ts";
import { STEP_MS } from "./step-cache.ts";

export interface TaskEventCounts {
  readonly completed: number;
  readonly failed: number;
  /** How many more a worker had still to do at its end than at its beginning. */
  readonly opened: number;
}

/**
 * Counts what happened to tasks, by step. The log has no index on time, but its ids rise with it: they are searched.
 *
 * A failure leaves a task to an operator where the task is never due again, or where what came next was an operator's
 * retry. One that was retried while it would have gone on by itself counts as left to the operator until then.
 */
export async function countTaskEvents(
  database: Pick<Database, "db">,
  from: number,
  to: number,
): Promise<Map<number, TaskEventCounts>> {
  const [fromMs, toMs] = [from * STEP_MS, (to + 1) * STEP_MS];
  const firstId = await lastIdBefore(database, LOG, sql`to_timestamp(${fromMs - MARGIN_MS}::float8 / 1000)`);
  const lastId = await lastIdBefore(database, LOG, sql`to_timestamp(${toMs + MARGIN_MS}::float8 / 1000)`);
  const rows = await database.db.execute<Row>(sql`
    select
      floor(extract(epoch from at) * 1000 / ${STEP_MS})::bigint as step,
      count(*) filter (where event = 'completed') as completed,
      count(*) filter (where event = 'failed') as failed,
      count(*) filter (where event in ('submitted', 'retried'))
        - count(*) filter (where event in ('completed', 'cancelled') or is_left) as opened
    from task_log
    left join lateral (
      select coalesce(
        (
          select later.event = 'retried'
          from task_log as later
          where later.task = task_log.task and later.id > task_log.id and later.event <> 'duplicate'
          order by later.id
          limit 1
        ),
        (select tasks.due_at is null from tasks where tasks.id = task_log.task)
      ) as is_left
    ) as failure on event = 'failed'
    where id > ${firstId} and id <= ${lastId}
      and at >= to_timestamp(${fromMs}::float8 / 1000) and at < to_timestamp(${toMs}::float8 / 1000)
    group by 1
  `);
  return new Map(rows.map(({ step, ...counts }) => [step, counts]));
}

/** A transaction takes at most 10 s, so that entries may be out of order by as much. */
const MARGIN_MS = 10_000;

const LOG: Series = { table: sql`task_log`, time: sql`at` };

interface Row extends TaskEventCounts, Record<string, unknown> {
  readonly step: number;
}
