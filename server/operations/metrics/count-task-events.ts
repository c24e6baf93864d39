import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { STEP_MS } from "./step-cache.ts";

export interface TaskEventCounts {
  readonly completed: number;
  readonly failed: number;
  /** How many more were open at its end than at its beginning. */
  readonly opened: number;
}

/** Counts what happened to tasks, by step. The log has no index on time, but its ids rise with it: they are searched. */
export async function countTaskEvents(
  database: Pick<Database, "db">,
  from: number,
  to: number,
): Promise<Map<number, TaskEventCounts>> {
  const [fromMs, toMs] = [from * STEP_MS, (to + 1) * STEP_MS];
  const firstId = await lastIdBefore(database, fromMs - MARGIN_MS);
  const lastId = await lastIdBefore(database, toMs + MARGIN_MS);
  const rows = await database.db.execute<Row>(sql`
    select
      floor(extract(epoch from at) * 1000 / ${STEP_MS})::bigint as step,
      count(*) filter (where event = 'completed') as completed,
      count(*) filter (where event = 'failed') as failed,
      count(*) filter (where event = 'submitted') - count(*) filter (where event in ('completed', 'cancelled')) as opened
    from task_log
    where id > ${firstId} and id <= ${lastId}
      and at >= to_timestamp(${fromMs}::float8 / 1000) and at < to_timestamp(${toMs}::float8 / 1000)
    group by 1
  `);
  return new Map(rows.map(({ step, ...counts }) => [step, counts]));
}

/** A transaction takes at most 10 s, so that entries may be out of order by as much. */
const MARGIN_MS = 10_000;

/** Halves the log again and again: some 25 looks at its primary key for a hundred million entries. */
async function lastIdBefore({ db }: Pick<Database, "db">, ms: number): Promise<number> {
  const [found] = await db.execute<{ id: number }>(sql`
    with recursive search (low, high) as (
      select 0::bigint, coalesce((select max(id) from task_log), 0)
      union all
      select
        case when probe.at < to_timestamp(${ms}::float8 / 1000) then probe.id else search.low end,
        case when probe.at < to_timestamp(${ms}::float8 / 1000) then search.high else (search.low + search.high) / 2 end
      from search
      -- Ids have gaps: the first entry above the middle stands for it.
      cross join lateral (
        select id, at from task_log where id > (search.low + search.high) / 2 order by id limit 1
      ) as probe
      where search.low < search.high
    )
    select low as id from search order by low desc limit 1
  `);
  return found?.id ?? 0;
}

interface Row extends TaskEventCounts, Record<string, unknown> {
  readonly step: number;
}
