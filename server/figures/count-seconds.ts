import { type SQL, sql } from "drizzle-orm";
import { repeat } from "../concurrency/repeat.ts";
import type { Database } from "../database/database.ts";
import { lowestUuidAt } from "../database/new-uuid.ts";
import { epochMs } from "../database/times.ts";

/**
 * Adds attempts to the seconds in which they were decided, each once, in the order of their ids: no index knows when they
 * were decided, but an id begins with the time at which the shop heard of the attempt.
 *
 *   ──counted──▶ mark ──settled: nothing can come there any more──▶ 45 s ago ──not settled: whoever looks reads it──▶ now
 *
 * Counts and mark move in one transaction, under the mark's lock. Of several processes one counts, and the others come
 * again; one that dies has counted nothing.
 *
 * @param options.settledMs what is older is complete
 * @returns whether there may be more at once
 */
export async function countSeconds(
  database: Database,
  { settledMs = SETTLED_MS, attemptsMax = ATTEMPTS_MAX }: CountOptions = {},
): Promise<boolean> {
  return database.withTransaction(
    async (tx) => {
      const [mark] = await tx.execute<{ below: string; nowMs: number }>(sql`
        select below, ${epochMs(sql`statement_timestamp()`)} as "nowMs" from attempt_seconds_mark for update skip locked
      `);
      if (!mark) return false;
      const settled = lowestUuidAt(mark.nowMs - settledMs);
      if (settled <= mark.below) return false;
      const [beyond] = await tx.execute<{ id: string }>(sql`
        select id from purchase_attempts
        where id >= ${mark.below}::uuid and id < ${settled}::uuid
        order by id
        offset ${attemptsMax}
        limit 1
      `);
      const below = beyond?.id ?? settled;
      await tx.execute(sql`
        insert into attempt_seconds as known (item_id, second, outcome, attempts, units, amount_cents)
        select item_id, second, coalesce(refusal_code, 'PURCHASED'), count(*), sum(quantity), coalesce(sum(amount_cents), 0)
        from (
          select item_id, ${SECOND} as second, refusal_code, quantity, amount_cents
          from purchase_attempts
          where id >= ${mark.below}::uuid and id < ${below}::uuid
        ) as portion
        group by item_id, second, refusal_code
        on conflict (item_id, second, outcome) do update
        set attempts = known.attempts + excluded.attempts,
          units = known.units + excluded.units,
          amount_cents = known.amount_cents + excluded.amount_cents
      `);
      await tx.execute(sql`update attempt_seconds_mark set below = ${below}::uuid`);
      return beyond !== undefined;
    },
    { name: "figures.countSeconds" },
  );
}

interface CountOptions {
  readonly settledMs?: number;
  readonly attemptsMax?: number;
}

/**
 * Counts what has settled every few seconds, beside all other workers of the store.
 *
 * @param options.onError told once of an error that comes again and again
 */
export function countSecondsRegularly(
  database: Database,
  { onError }: { onError: (error: unknown) => void },
): { close(): Promise<void> } {
  return repeat(async () => ((await countSeconds(database)) ? PAUSE_MS : EVERY_MS), { everyMs: EVERY_MS, onError });
}

/** The second in which an attempt was decided. `date_trunc`, which thinks of time zones, takes longer than all the rest. */
export const SECOND: SQL = sql`date_bin('1 second', decided_at, '2000-01-01 00:00:00+00')`;

/**
 * How old an id is at most when its attempt can be seen: 10 s in its queue, 5 s for a locked wallet, 10 s for the transaction,
 * and what the shop knows of the database's clock; and again as much.
 */
export const SETTLED_MS = 45_000;

/** A few ms of the database's time, so that nobody waits for a core while it counts. */
const ATTEMPTS_MAX = 10_000;

/** Between two portions: 40,000 attempts a second, several times what one item can decide. */
const PAUSE_MS = 250;

/** Whoever watches reads what is not counted yet: some seconds more cost them little. */
const EVERY_MS = 5_000;
