import { sql } from "drizzle-orm";
import type { Database } from "../database/database.ts";

/** Of these users, those who are staff and have not been deactivated. */
export async function stillStaff(
  { db }: Pick<Database, "db">,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.execute<{ id: string }>(sql`
    select id from users where id = any(${sql.param(userIds)}::uuid[]) and active and role <> 'buyer'
  `);
  return new Set(rows.map(({ id }) => id));
}
