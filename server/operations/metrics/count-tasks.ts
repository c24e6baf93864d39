import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";

/** Tasks that are not done with, by status, and how long the oldest of them, or of the purchases that are none yet, waits. */
export async function countOpenTasks({ db }: Pick<Database, "db">): Promise<OpenTasks> {
  const rows = await db.execute<{ status: string; count: number }>(sql`
    select status, count(*) as count from tasks where status in ('PENDING', 'PROCESSING', 'FAILED') group by status
  `);
  const [oldest] = await db.execute<{ seconds: number | null }>(sql`
    select extract(epoch from clock_timestamp() - min(since))::float8 as seconds
    from (
      select (
        select created_at
        from tasks
        where tasks.kind = kinds.kind and status not in ('COMPLETED', 'CANCELLED')
        order by id
        limit 1
      ) as since
      from (values ('dispatch'), ('receive'), ('simulate')) as kinds (kind)
      union all
      select attempts.decided_at
      from items
      left join dispatch_cursors as cursors on cursors.item_id = items.id
      join purchase_attempts as attempts
        on attempts.item_id = items.id and attempts.position = coalesce(cursors.position, 0) + 1
      where items.last_position > coalesce(cursors.position, 0)
    ) as waiting
  `);
  return {
    byStatus: Object.fromEntries(rows.map(({ status, count }) => [status, count])),
    oldestSeconds: Math.max(0, oldest?.seconds ?? 0),
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
