import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../database/database.ts";
import type { Rows } from "../checks/rows.ts";
import { type ItemLook, lookAtItems } from "./look-at-items.ts";

/** What a run over what is new looks at: all of it as one snapshot shows it. */
export interface Look {
  /** Of the snapshot, by the clock of the database. */
  readonly startedAt: string;
  readonly items: readonly ItemLook[];
  readonly rows: Rows;
  /** Up to which time rows without positions are done with after this run. */
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
export async function lookAtNew(tx: Tx, sizeMax: number): Promise<Look> {
  const timed = await lookAtTimes(tx, Math.ceil(sizeMax / TIMED_PART));
  const { items, isPartial } = await lookAtItems(tx, timed, sizeMax);
  return { ...timed, items, rows: newRows(timed, items), isPartial: isPartial || timed.isPartial };
}

/** Every check finds what belongs to these rows by an index. */
function newRows({ after, until }: Timed, looks: readonly ItemLook[]): Rows {
  const column = <T>(read: (look: ItemLook) => T) => sql.param(looks.map(read));
  const ids = sql`${column(({ itemId }) => itemId)}::bigint[]`;
  // Range by range, whatever the planner knows of the tables: an item may have millions of purchases.
  const ofItems = (above: keyof ItemLook, upto: keyof ItemLook) => sql`(
    select attempts.*
    from unnest(${ids}, ${column((look) => look[above])}::bigint[], ${column((look) => look[upto])}::bigint[])
      as range (item_id, above, upto)
    cross join lateral (
      select *
      from purchase_attempts
      where item_id = range.item_id and position > range.above and position <= range.upto
      offset 0
    ) as attempts
  )`;
  const since = (table: keyof typeof TIMES) => {
    const time = sql.raw(TIMES[table]);
    return sql`(
      select * from ${sql.raw(table)} where ${time} > ${after}::timestamptz and ${time} <= ${until}::timestamptz
    )`;
  };
  const purchases = ofItems("above", "upto");
  const orders = since("orders");
  return {
    attempts: purchases,
    purchases,
    // By the buyer, for the same reason.
    held: sql`(
      select attempts.*
      from (
        select item_id, user_id
        from ${purchases} as purchases
        join items on items.id = purchases.item_id
        where items.limit_per_customer is not null
        union
        select siblings.id, user_id
        from ${purchases} as purchases
        join items on items.id = purchases.item_id
        join sales on sales.id = items.sale_id and sales.limit_per_customer is not null
        join items as siblings on siblings.sale_id = sales.id
      ) as bought
      cross join lateral (
        select * from purchase_attempts where user_id = bought.user_id and position is not null offset 0
      ) as attempts
      where attempts.item_id = bought.item_id
    )`,
    dispatched: ofItems("tasksAbove", "tasksUpto"),
    items: sql`(select items.* from unnest(${ids}) as looked (id) join items on items.id = looked.id)`,
    counted: sql`(
      select looked.*, (
        select max(position) from purchase_attempts where purchase_attempts.item_id = looked.item_id
      ) as highest
      from unnest(
        ${ids},
        ${column(({ above }) => above)}::bigint[],
        ${column(({ upto }) => upto)}::bigint[],
        ${column(({ purchases }) => purchases)}::bigint[],
        ${column(({ positions }) => positions)}::bigint[],
        ${column(({ unitsSold }) => unitsSold)}::bigint[],
        ${column(({ stock }) => stock !== null)}::boolean[]
      ) as looked (item_id, above, upto, purchases, positions, units_sold, is_whole)
    )`,
    wallets: sql`(
      select wallets.*
      from (
        select user_id from ${purchases} as purchases
        union
        select user_id from ${since("refunds")} as refunds
        union
        select user_id from ${since("credits")} as credits
        union
        select customer_id from ${orders} as orders
        union
        select customer_id from ${since("order_refunds")} as order_refunds
      ) as touched
      join wallets on wallets.user_id = touched.user_id
    )`,
    refunds: since("refunds"),
    orders,
    settledOrders: sql`(
      select orders.*
      from (
        select id from ${orders} as orders
        union
        select order_id from ${since("order_refunds")} as order_refunds
      ) as settled
      join orders on orders.id = settled.id
    )`,
    receipts: since("receipts"),
    each: (condition: SQL) => condition,
  };
}

interface Timed extends Pick<Look, "startedAt" | "coveredUntil" | "isPartial"> {
  /** Rows without positions: of a time after the first, and not after the second. */
  readonly after: string;
  readonly until: string;
}

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
  const [row] = await tx.execute<Timed & Record<string, unknown>>(sql`
    with looked as (
      select
        statement_timestamp() as started_at,
        turns.covered_until,
        coalesce(least(${sql.join(Object.entries(TIMES).map(lastTimeOf), sql`, `)}), 'infinity') as until
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
const TIMES = {
  credits: "credited_at",
  refunds: "refunded_at",
  orders: "created_at",
  order_refunds: "refunded_at",
  stock_adjustments: "adjusted_at",
  receipts: "received_at",
} as const;

/** Of each of these tables a fifth as many rows as positions, so that all together are about as many. */
const TIMED_PART = 5;

/** A transaction takes at most 10 s; the rest is for whoever writes times of a clock of their own. */
const MARGIN_MS = 15_000;
