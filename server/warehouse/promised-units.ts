import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../database/database.ts";

/** What the shop knows about the units of a product, at one moment. */
export interface PromisedUnits {
  readonly productId: number;
  /** What can still be sold: the inventory of all warehouses, and what items of sales have left. */
  readonly sellable: number;
  /** Sold, and not known to be dispatched. */
  readonly awaiting: number;
  /** Those of them that the warehouse may have been asked for, so that it may have sent them out by now. */
  readonly awaitingBegun: number;
  /** In the inventory already, and not known to have arrived in the warehouse. */
  readonly receiving: number;
  /** Those of them that may have arrived by now. */
  readonly receivingBegun: number;
}

/**
 * The units of products, in one statement and so in one snapshot. It takes time in proportion to the tasks that are open.
 *
 * @param which a condition on `product_id`
 */
export async function promisedUnits({ db }: Pick<Database, "db">, which: SQL): Promise<PromisedUnits[]> {
  const rows = await db.execute<Row>(sql`
    with cursors as (
      select items.id as item_id, items.product_id, coalesce(dispatch_cursors.position, 0) as position
      from items
      left join dispatch_cursors on dispatch_cursors.item_id = items.id
      where items.last_position > coalesce(dispatch_cursors.position, 0)
    ),
    moved as (
      select product_id, 'sellable' as what, units::bigint from inventory
      union all
      select product_id, 'sellable', remaining from items where remaining > 0
      union all
      -- Purchases that have no task yet. Those that were refunded before they got one never will.
      select cursors.product_id, 'dispatch', attempts.quantity
      from cursors
      join purchase_attempts as attempts on attempts.item_id = cursors.item_id and attempts.position > cursors.position
      where not exists (select from refunds where refunds.purchase_id = attempts.id and refunds.units_returned)
      union all
      -- A task without an attempt was never sent: one that was only postponed has none.
      select line."productId", tasks.kind || case when tasks.attempts > 0 then ' begun' else '' end, line.quantity
      from tasks
      cross join lateral jsonb_to_recordset(
        case jsonb_typeof(tasks.payload -> 'lines') when 'array' then tasks.payload -> 'lines' else '[]' end
      ) as line ("productId" bigint, quantity bigint)
      where tasks.status not in ('COMPLETED', 'CANCELLED') and tasks.kind in ('dispatch', 'receive')
    )
    select
      product_id as "productId",
      coalesce(sum(units) filter (where what = 'sellable'), 0)::bigint as sellable,
      coalesce(sum(units) filter (where what in ('dispatch', 'dispatch begun')), 0)::bigint as awaiting,
      coalesce(sum(units) filter (where what = 'dispatch begun'), 0)::bigint as "awaitingBegun",
      coalesce(sum(units) filter (where what in ('receive', 'receive begun')), 0)::bigint as receiving,
      coalesce(sum(units) filter (where what = 'receive begun'), 0)::bigint as "receivingBegun"
    from moved
    where ${which}
    group by product_id
    order by product_id
  `);
  return [...rows];
}

interface Row extends PromisedUnits, Record<string, unknown> {}
