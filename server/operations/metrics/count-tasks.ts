import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";

/**
 * Tasks that are not done with, by status, and for how long the oldest of them could have gone on by itself; a purchase
 * that is no task yet counts for that too.
 */
export async function countOpenTasks({ db }: Pick<Database, "db">): Promise<OpenTasks> {
  const rows = await db.execute<{ status: string; count: number; seconds: number | null }>(sql`
    select
      status,
      count(*) as count,
      -- One that nobody has touched is as old as its start is past. One that waits for an operator is left out.
      extract(epoch from max(
        clock_timestamp() - case when version = 0 then due_at else created_at end
      ) filter (where due_at is not null))::float8 as seconds
    from tasks
    where status not in ('COMPLETED', 'CANCELLED')
    group by status
  `);
  const [first] = await db.execute<{ seconds: number | null }>(sql`
    select extract(epoch from clock_timestamp() - min(attempts.decided_at))::float8 as seconds
    from items
    left join dispatch_cursors as cursors on cursors.item_id = items.id
    join purchase_attempts as attempts
      on attempts.item_id = items.id and attempts.position = coalesce(cursors.position, 0) + 1
    where items.last_position > coalesce(cursors.position, 0)
  `);
  return {
    byStatus: Object.fromEntries(rows.map(({ status, count }) => [status, count])),
    oldestSeconds: Math.max(0, first?.seconds ?? 0, ...rows.map(({ seconds }) => seconds ?? 0)),
  };
}

export interface OpenTasks {
  readonly byStatus: Record<string, number>;
  readonly oldestSeconds: number;
}

/** Tasks that are done with, by status: it takes time in proportion to all that there ever were. */
export async function countClosedTasks({ db }: Pick<Database, "db">): Promise<Record<string, number>> {
  const rows = await db.execute<{ status: string; count: number }>(sql`
    select status, count(*) as count from tasks where status in ('COMPLETED', 'CANCELLED') group by status
  `);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}
