import { sql } from "drizzle-orm";
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
      // A statement of its own: it sees what was counted while this one waited, and all that is older than the settled id.
      const [last] = await tx.execute<{ id: string }>(sql`
        with portion as materialized (
          select id, item_id, date_trunc('second', decided_at) as second, coalesce(refusal_code, 'PURCHASED') as outcome,
            quantity, amount_cents
          from purchase_attempts
          where id >= ${mark.below}::uuid and id < ${settled}::uuid
          order by id
          limit ${attemptsMax}
        ),
        added as (
          insert into attempt_seconds as known (item_id, second, outcome, attempts, units, amount_cents)
          select item_id, second, outcome, count(*), sum(quantity), coalesce(sum(amount_cents), 0)
          from portion
          group by item_id, second, outcome
          on conflict (item_id, second, outcome) do update
          set attempts = known.attempts + excluded.attempts,
            units = known.units + excluded.units,
            amount_cents = known.amount_cents + excluded.amount_cents
        )
        select id from portion order by id offset ${attemptsMax - 1}
      `);
      const below = last ? next(last.id) : settled;
      await tx.execute(sql`update attempt_seconds_mark set below = ${below}::uuid`);
      return last !== undefined;
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

/** The first id that is above. */
function next(id: string): string {
  const hex = (BigInt(`0x${id.replaceAll("-", "")}`) + 1n).toString(16).padStart(32, "0");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * How old an id is at most when its attempt can be seen: 10 s in its queue, 5 s for a locked wallet, 10 s for the transaction,
 * and what the shop knows of the database's clock; and again as much.
 */
export const SETTLED_MS = 45_000;

/** Some 20 ms of the database's time, so that nobody waits for a core while it counts. */
const ATTEMPTS_MAX = 10_000;

/** Between two portions: 40,000 attempts a second, several times what one item can decide. */
const PAUSE_MS = 250;

/** Whoever watches reads what is not counted yet: some seconds more cost them little. */
const EVERY_MS = 5_000;
