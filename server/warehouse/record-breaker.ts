import { setTimeout } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { BreakerState } from "../../shared/warehouse.ts";
import { singleFlight } from "../concurrency/single-flight.ts";
import { readClock } from "../database/clock.ts";
import type { Database } from "../database/database.ts";

/**
 * Stores the transitions of this process's circuit breaker, in order and with their times, whatever happens to the
 * database meanwhile. Nobody waits for it, and it never throws. A process that starts stores that it begins as closed, in
 * whatever state its predecessor died.
 *
 * @param instance see `breakerName`
 */
export function recordBreaker(
  database: Database,
  { instance, onError, pauseMs = PAUSE_MS }: { instance: string; onError: (error: unknown) => void; pauseMs?: number },
): BreakerRecorder {
  let pending: Transition[] = [];
  const closing = new AbortController();
  const { signal } = closing;

  function add(transition: Omit<Transition, "at">): void {
    pending.push({ ...transition, at: performance.now() });
    void write();
  }

  const write = singleFlight(writeAll);

  async function writeAll(): Promise<void> {
    let hasFailed = false;
    while (pending.length > 0 && !(hasFailed && signal.aborted)) {
      if (hasFailed) await setTimeout(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      const batch = pending;
      pending = [];
      try {
        await store(database, instance, batch);
        hasFailed = false;
      } catch (error) {
        if (!hasFailed) onError(error);
        hasFailed = true;
        // The oldest are the least interesting, and there is an end to what is kept for a database that is away.
        pending = [...batch, ...pending].slice(-PENDING_MAX);
      }
    }
  }

  add({ from: "closed", to: "closed", reason: "The process has started" });
  return {
    add,
    async close() {
      closing.abort();
      await write();
    },
  };
}

export interface BreakerRecorder {
  add(transition: Omit<Transition, "at">): void;
  /** Writes what is still to be written, if the database takes it. */
  close(): Promise<void>;
}

interface Transition {
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly reason: string | undefined;
  /** By `performance.now()`: the computer's clock may be set. */
  readonly at: number;
}

/** Before the next try, while the database is away. */
const PAUSE_MS = 1_000;

/** Some ten minutes of an outage. */
const PENDING_MAX = 100;

/**
 * Their ages become times by the database's clock. How long the statement is on its way to it differs from one batch to
 * the next, so that a time might come before that of the row before: it is moved up to that one. A row in the future is
 * none to follow: the clock has been set back since.
 */
async function store(database: Database, instance: string, batch: readonly Transition[]): Promise<void> {
  await database.withTransaction(
    async (tx) => {
      // Only now: it may have taken long to get a connection.
      const nowMs = performance.now();
      const { now } = await readClock(tx);
      const rows = batch.map(({ at, reason = null, ...change }, number) => {
        return { ...change, reason, number, ago: nowMs - at };
      });
      const [last] = await tx.execute<{ at: string | null }>(sql`
        select case when at <= ${now}::timestamptz then at end as at
        from breaker_transitions
        where instance = ${instance}
        order by id desc
        limit 1
      `);
      const before = last?.at ?? null;
      return tx.execute(sql`
        insert into breaker_transitions (instance, from_state, to_state, reason, at)
        select
          ${instance}::text, "from", "to", reason,
          greatest(
            ${now}::timestamptz - ago * interval '1 millisecond',
            ${before}::timestamptz
          )
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as told (number bigint, "from" text, "to" text, reason text, ago float8)
        order by number
      `);
    },
    { name: "warehouse.recordBreaker", deadlineMs: STORE_MS_MAX },
  );
}

/** Nobody should have to wait longer for a process to stop. */
const STORE_MS_MAX = 5_000;
