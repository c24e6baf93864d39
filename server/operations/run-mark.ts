import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../database/database.ts";

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
