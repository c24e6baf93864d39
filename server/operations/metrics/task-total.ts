import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { lastIdBefore, type Series } from "./last-id-before.ts";

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
