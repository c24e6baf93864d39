import { sql } from "drizzle-orm";
import type { Database } from "../database/database.ts";

/**
 * Knows which goods the shop has received and the warehouse has not yet. A unit can be sold from the moment of its receipt,
 * so a dispatch may be due before the units it sends out have been brought in: it has to wait for them.
 *
 *   receipt committed ──▶ sold ──▶ dispatch stored, with a greater id than the receipt's task
 *
 * So what has a greater id is nothing to wait for; and a reading that saw any task with at least the id of the dispatch saw
 * all receipts that it may depend on. One that is found done stays done. Hence one reading serves all dispatches up to the
 * newest task it saw, unless it says that one has to wait.
 */
export class Arrivals {
  readonly #database: Database;
  #latest: Reading = { upTo: 0, awaited: [] };
  #reading: Promise<Reading> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * How long a dispatch has to wait for goods on their way in, in milliseconds; 0 when it need not.
   *
   * @param task the dispatch's number
   */
  async waitMs(task: number, productIds: ReadonlySet<number>): Promise<number> {
    if (task <= this.#latest.upTo && waitIn(this.#latest, task, productIds) === 0) return 0;
    let reading = await this.#read();
    // One that was under way already may have begun before the dispatch was there.
    if (task > reading.upTo) reading = await this.#read();
    return waitIn(reading, task, productIds);
  }

  /** Many dispatches are claimed at once: they share a reading. */
  #read(): Promise<Reading> {
    this.#reading ??= readAwaited(this.#database)
      .then((reading) => {
        this.#latest = reading;
        return reading;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}

function waitIn({ awaited }: Reading, task: number, productIds: ReadonlySet<number>): number {
  let waitMs = 0;
  for (const arrival of awaited) {
    if (arrival.task < task && productIds.has(arrival.productId)) waitMs = Math.max(waitMs, arrival.waitMs);
  }
  return waitMs;
}

async function readAwaited({ db }: Database): Promise<Reading> {
  const [row] = await db.execute<{ upTo: number; awaited: Awaited[] }>(sql`
    select
      (select coalesce(max(id), 0) from tasks)::float8 as "upTo",
      coalesce(
        (
          select json_agg(json_build_object('task', tasks.id, 'productId', line -> 'productId', 'waitMs',
            case
              when due_at is null then ${STUCK_WAIT_MS}
              -- On its way: what is due is the end of its lease.
              when status = 'PROCESSING' then ${WAIT_MS}
              else greatest(extract(epoch from due_at - clock_timestamp()) * 1000, 0) + ${WAIT_MS}
            end
          ))
          from tasks
          -- One that makes no sense holds up nobody.
          cross join jsonb_array_elements(
            case jsonb_typeof(payload -> 'lines') when 'array' then payload -> 'lines' else '[]' end
          ) as line
          where kind = 'receive' and status not in ('COMPLETED', 'CANCELLED')
        ),
        '[]'
      ) as awaited
  `);
  if (!row) throw new Error("the database answered nothing about arrivals");
  return row;
}

/** For the receipt's own attempt, from when it begins. */
const WAIT_MS = 500;

/** Behind a receipt that waits for an operator. */
const STUCK_WAIT_MS = 30_000;

interface Reading {
  /** The newest task that it saw. */
  readonly upTo: number;
  readonly awaited: readonly Awaited[];
}

interface Awaited {
  /** The receipt's. */
  readonly task: number;
  readonly productId: number;
  readonly waitMs: number;
}
