import { sql } from "drizzle-orm";
import { TASK_STATUSES } from "../../../shared/tasks.ts";
import type { Database } from "../../database/database.ts";
import { OPEN_TASKS, type OpenTasks, readNotYetTasks } from "./store-queries.ts";
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
  const rows = await db.execute<OpenTasks | Others>(sql`
    (${OPEN_TASKS})
    union all
    select null, 'CANCELLED', null, count(*)::int, null from tasks where status = 'CANCELLED'
    union all
    -- Of whatever status.
    select null, 'latest', null, count(*)::int, null from tasks where id > ${known.upToId}
  `);
  const notYet = await readNotYetTasks(db);
  const count = (isCounted: (row: OpenTasks | Others) => boolean) =>
    rows.reduce((sum, row) => (isCounted(row) ? sum + row.count : sum), 0);
  const byStatus = Object.fromEntries(TASK_STATUSES.map((each) => [each, count(({ status }) => status === each)]));
  const latest = count(({ status }) => status === "latest");
  byStatus.COMPLETED = known.count + latest - count(({ status }) => status !== "latest");
  const needOperator = count(({ isDead }) => isDead === true);
  return {
    byStatus,
    needOperator,
    open: count(({ kind }) => kind !== null) - needOperator,
    // One that waits for an operator is left out.
    oldestSeconds: Math.max(notYet.age, 0, ...rows.map(({ isDead, age }) => (isDead ? 0 : (age ?? 0)))),
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

/** What is not open. */
type Others = { kind: null; status: string; isDead: null; count: number; age: null };
