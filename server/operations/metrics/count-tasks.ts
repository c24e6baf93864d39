import { sql } from "drizzle-orm";
import { TASK_STATUSES } from "../../../shared/tasks.ts";
import type { Database } from "../../database/database.ts";
import { lastIdBefore, type Series } from "./last-id-before.ts";
import { OPEN_TASKS, type OpenTasks, readNotYetTasks } from "./store-queries.ts";

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

/**
 * How many tasks there are up to an id. No task is ever removed, and after a while none comes in between any more, so what
 * was counted once is remembered: with millions of tasks only the latest are counted again.
 *
 * A task's status may change however old it is (an operator retries one that failed), so no status is remembered here.
 */
export class TaskTotal {
  readonly #database: Pick<Database, "db">;
  readonly #now: () => number;
  #known: Known = NOTHING;
  #startedAtMs: number;

  /** @param now milliseconds that only rise */
  constructor(database: Pick<Database, "db">, { now = () => performance.now() }: { now?: () => number } = {}) {
    this.#database = database;
    this.#now = now;
    this.#startedAtMs = now();
  }

  /** Counts what is old enough and not counted yet. */
  async read(): Promise<Known> {
    if (this.#now() - this.#startedAtMs > KNOWN_MS_MAX) {
      this.#known = NOTHING;
      this.#startedAtMs = this.#now();
    }
    const last = await lastIdBefore(
      this.#database,
      TASKS,
      sql`statement_timestamp() - ${SETTLED} * interval '1 second'`,
    );
    while (this.#known.upToId < last) {
      const { upToId, count } = this.#known;
      const next = Math.min(last, upToId + IDS_AT_ONCE);
      this.#known = { upToId: next, count: count + (await this.#countBetween(upToId, next)) };
    }
    return this.#known;
  }

  async #countBetween(afterId: number, lastId: number): Promise<number> {
    const [row] = await this.#database.db.execute<{ count: number }>(sql`
      select count(*) as count from tasks where id > ${afterId} and id <= ${lastId}
    `);
    return row?.count ?? 0;
  }
}

interface Known {
  readonly upToId: number;
  /** Tasks with that id or a smaller one. */
  readonly count: number;
}

const NOTHING: Known = { upToId: 0, count: 0 };

const TASKS: Series = { table: sql`tasks`, time: sql`created_at` };

/** Seconds. The shop's transactions take at most 10, and a task can be seen only after its own. */
const SETTLED = 30;

/** A tenth of a second of work, so that no count comes near the time that a statement may take. */
const IDS_AT_ONCE = 1_000_000;

/** Other clients of the database may take longer over a transaction: what they slipped in is found an hour later. */
const KNOWN_MS_MAX = 3_600_000;
