import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";

/** Rows that are only ever added, with ids that rise with the time of each, give or take how long a transaction lasts. */
export interface Series {
  readonly table: SQL;
  /** The column that says when a row was added. */
  readonly time: SQL;
}

/**
 * Finds the greatest id of a series that was given before a moment, without an index on time: it halves the ids again and
 * again, which is some 25 looks at the primary key for a hundred million rows. 0 when there is none.
 *
 * @param moment a time of the database's, as an expression
 */
export async function lastIdBefore(
  { db }: Pick<Database, "db">,
  { table, time }: Series,
  moment: SQL,
): Promise<number> {
  const [found] = await db.execute<{ id: number }>(sql`
    with recursive search (low, high) as (
      select 0::bigint, coalesce((select max(id) from ${table}), 0)
      union all
      select
        case when probe.time < ${moment} then probe.id else search.low end,
        case when probe.time < ${moment} then search.high else (search.low + search.high) / 2 end
      from search
      -- Ids have gaps: the first row above the middle stands for it.
      cross join lateral (
        select id, ${time} as time from ${table} where id > (search.low + search.high) / 2 order by id limit 1
      ) as probe
      where search.low < search.high
    )
    select low as id from search order by low desc limit 1
  `);
  return found?.id ?? 0;
}
