import { type SQL, sql } from "drizzle-orm";
import type { NewRows } from "./look-at-new.ts";

/** The rows of a table whose time is new, as a subquery. */
export function rowsSince({ after, until }: Pick<NewRows, "after" | "until">, table: string, time: string): SQL {
  const [from, by] = [sql.raw(table), sql.raw(time)];
  return sql`(select * from ${from} where ${by} > ${after}::timestamptz and ${by} <= ${until}::timestamptz)`;
}
