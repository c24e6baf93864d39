import { type SQL, sql } from "drizzle-orm";

/**
 * What a run looks at: everything that was ever written (`ALL_ROWS`), or what is new (`newRows`). Each is a table, or a
 * subquery with the columns of one.
 */
export interface Rows {
  /** Decisions. A run over what is new finds purchases alone: it has no index for refusals. */
  readonly attempts: SQL;
  readonly purchases: SQL;
  /**
   * What each buyer of `purchases` has of the item, and of all others of its sale where that has a limit, whenever they bought
   * it; items without a limit may be left out.
   */
  readonly held: SQL;
  /** Purchases whose tasks are looked at. */
  readonly dispatched: SQL;
  readonly items: SQL;
  /**
   * What was counted of the purchases of `items`: there should be as many as there are positions above `above`, up to
   * `upto`. Where that is the last one, `is_whole`, they and all before sold `units_sold`.
   * Columns: item_id, above, upto, purchases, positions, highest, units_sold, is_whole.
   */
  readonly counted: SQL;
  readonly wallets: SQL;
  readonly refunds: SQL;
  readonly orders: SQL;
  /** Orders, and those that were given back. */
  readonly settledOrders: SQL;
  readonly receipts: SQL;
  /**
   * The condition that joins what is summed to the row for which it is: over everything the sums of all rows are made at
   * once, over what is new by an index for each.
   */
  readonly each: (condition: SQL) => SQL;
}

const purchases = sql`(select * from purchase_attempts where position is not null)`;

export const ALL_ROWS: Rows = {
  attempts: sql`purchase_attempts`,
  purchases,
  held: purchases,
  dispatched: purchases,
  items: sql`items`,
  counted: sql`(
    select items.id as item_id, 0 as above, items.last_position as upto, count(position) as purchases,
      count(distinct position) as positions, max(position) as highest, coalesce(sum(quantity), 0) as units_sold,
      true as is_whole
    from items
    left join purchase_attempts on item_id = items.id and position > 0
    group by items.id
  )`,
  wallets: sql`wallets`,
  refunds: sql`refunds`,
  orders: sql`orders`,
  settledOrders: sql`orders`,
  receipts: sql`receipts`,
  each: () => sql`true`,
};
