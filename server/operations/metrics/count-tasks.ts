import { sql } from "drizzle-orm";
import { TASK_STATUSES } from "../../../shared/tasks.ts";
import type { Database } from "../../database/database.ts";
import type { TaskTotal } from "./task-total.ts";

/**
 * Tasks by status, all at one moment, and for how long the oldest that is open could have gone on by itself; a purchase that
 * is no task yet counts for that too.
 *
 * Those that are completed are what is left of all when the others are taken away: an index holds each of the others, and
 * none holds these, which are nearly all that there ever were.
 */
export async function countTasks({ db }: Pick<Database, "db">, total: TaskTotal): Promise<TaskCounts> {
  const known = await total.read();
  const rows = await db.execute<Row>(sql`
    select
      status,
      count(*) as count,
      count(*) filter (where due_at is null) as "notDue",
      -- One that nobody has touched is as old as its start is past. One that waits for an operator is left out.
      extract(epoch from max(
        statement_timestamp() - case when version = 0 then due_at else created_at end
      ) filter (where due_at is not null))::float8 as seconds
    from tasks
    where status not in ('COMPLETED', 'CANCELLED')
    group by status
    union all
    select 'CANCELLED', count(*), null, null from tasks where status = 'CANCELLED'
    union all
    -- Of whatever status.
    select null, count(*), null, null from tasks where id > ${known.upToId}
  `);
  const [first] = await db.execute<{ seconds: number | null }>(sql`
    select extract(epoch from statement_timestamp() - min(attempts.decided_at))::float8 as seconds
    from items
    left join dispatch_cursors as cursors on cursors.item_id = items.id
    join purchase_attempts as attempts
      on attempts.item_id = items.id and attempts.position = coalesce(cursors.position, 0) + 1
    where items.last_position > coalesce(cursors.position, 0)
  `);
  const counted = new Map(rows.map(({ status, count }) => [status, count]));
  const latest = counted.get(null) ?? 0;
  counted.delete(null);
  const others = [...counted.values()].reduce((sum, count) => sum + count, 0);
  counted.set("COMPLETED", known.count + latest - others);
  const byStatus = Object.fromEntries(TASK_STATUSES.map((status) => [status, counted.get(status) ?? 0]));
  // Whatever else is open is due some time.
  const needOperator = rows.find(({ status }) => status === "FAILED")?.notDue ?? 0;
  return {
    byStatus,
    needOperator,
    open: others - (byStatus.CANCELLED ?? 0) - needOperator,
    oldestSeconds: Math.max(0, first?.seconds ?? 0, ...rows.map(({ seconds }) => seconds ?? 0)),
  };
}

export interface TaskCounts {
  /** Every status is there. */
  readonly byStatus: Record<string, number>;
  /** Those that have FAILED and are never due by themselves. */
  readonly needOperator: number;
  /** What a worker will go on with by itself. */
  readonly open: number;
  readonly oldestSeconds: number;
}

interface Row extends Record<string, unknown> {
  /** Null: of all. */
  readonly status: string | null;
  readonly count: number;
  readonly notDue: number | null;
  readonly seconds: number | null;
}
