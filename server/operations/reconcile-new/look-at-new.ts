import { sql } from "drizzle-orm";
import type { Tx } from "../../database/database.ts";
import { type ItemLook, lookAtItems } from "./look-at-items.ts";

/** What a run over what is new looks at: all of it as one snapshot shows it. */
export interface NewRows {
  /** Of the snapshot, by the clock of the database. */
  readonly startedAt: string;
  readonly items: readonly ItemLook[];
  /** Rows without positions: of a time after the first, and not after the second. */
  readonly after: string;
  readonly until: string;
  /** Up to which time such rows are done with after this run. */
  readonly coveredUntil: string;
  /** Whether anything was left for the next run, because this one would have become too long. */
  readonly isPartial: boolean;
}

/**
 * Finds what is new: of purchases by their positions, which have no gaps and are seen in the order in which they were
 * given; of all other rows by their times. A row's time is older than its commit, by as much as its transaction takes, so
 * the last stretch of time is looked at by this run and the next.
 *
 * As the first thing in a transaction, so that the time is that of its snapshot.
 *
 * @param sizeMax purchases to check, and tasks of purchases, together
 */
export async function lookAtNew(tx: Tx, sizeMax: number): Promise<NewRows> {
  const timed = await lookAtTimes(tx, Math.ceil(sizeMax / TIMED_PART));
  const { items, isPartial } = await lookAtItems(tx, timed, sizeMax);
  return { ...timed, items, isPartial: isPartial || timed.isPartial };
}

type Timed = Pick<NewRows, "startedAt" | "after" | "until" | "coveredUntil" | "isPartial">;

async function lookAtTimes(tx: Tx, rowsMax: number): Promise<Timed> {
  // Up to the time of the last row that is not too many, with all others of that very time: there is always progress.
  const lastTimeOf = ([table, time]: readonly [string, string]) => sql`(
    select ${sql.raw(time)}
    from ${sql.raw(table)}
    where ${sql.raw(time)} > turns.covered_until
    order by ${sql.raw(time)}
    offset ${rowsMax - 1}
    limit 1
  )`;
  const [row] = await tx.execute<Timed>(sql`
    with looked as (
      select
        statement_timestamp() as started_at,
        turns.covered_until,
        coalesce(least(${sql.join(TIMED.map(lastTimeOf), sql`, `)}), 'infinity') as until
      from reconcile_turns as turns
    )
    select
      started_at as "startedAt",
      covered_until as after,
      until,
      until <> 'infinity' as "isPartial",
      greatest(covered_until, least(until, started_at - ${MARGIN_MS} * interval '1 millisecond')) as "coveredUntil"
    from looked
  `);
  if (!row) throw new Error("the store has no row in reconcile_turns");
  return row;
}

/** Tables that are read by time, and the column of it: each has an index. */
const TIMED = [
  ["credits", "credited_at"],
  ["refunds", "refunded_at"],
  ["orders", "created_at"],
  ["order_refunds", "refunded_at"],
  ["stock_adjustments", "adjusted_at"],
  ["receipts", "received_at"],
] as const;

/** Of each of these tables a fifth as many rows as positions, so that all together are about as many. */
const TIMED_PART = 5;

/** A transaction takes at most 10 s; the rest is for whoever writes times of a clock of their own. */
const MARGIN_MS = 15_000;
