import { type SQL, sql } from "drizzle-orm";
import type { Check } from "../checks.ts";
import {
  checkAmounts,
  checkCursors,
  checkOwners,
  checkPurchasesTasks,
  checkReceiptsTasks,
  checkRefunds,
  checkWindows,
} from "../row-checks.ts";
import { type ItemLook, rangesOf } from "./look-at-items.ts";
import type { NewRows } from "./look-at-new.ts";
import { newOrderChecks } from "./new-order-checks.ts";
import { rowsSince } from "./rows-since.ts";

/**
 * The invariants of what is new, each by the name that it has over everything. Every one of them finds its rows by an index,
 * from the rows that are new. Left to a run over everything: what the database itself refuses (keys twice, less than
 * nothing), and what could only be told from all that ever was (the inventory, every statement from its beginning, the log of
 * every task).
 */
export function newChecks(rows: NewRows): readonly Check[] {
  const { items } = rows;
  const purchases = purchasesIn(items.map(({ itemId, above, upto }) => ({ itemId, above, upto })));
  const counted = sql`${items.reduce((sum, item) => sum + item.purchases, 0)}`;
  const dispatched = items.map(({ itemId, tasksAbove, tasksUpto }) => {
    return { itemId, above: tasksAbove, upto: tasksUpto };
  });
  const ids = sql`${sql.param(items.map(({ itemId }) => itemId))}::bigint[]`;
  return [
    checkStock(items),
    checkAllotments(items),
    checkBalances(rows, purchases),
    checkPositions(items),
    { ...checkOwners(purchases), subjects: counted },
    { ...checkAmounts(purchases), subjects: counted },
    { ...checkWindows(purchases), subjects: counted },
    { ...checkLimits(purchases), subjects: counted },
    checkRefunds(rowsSince(rows, "refunds", "refunded_at")),
    ...newOrderChecks(rows),
    checkCursors(sql`(select items.* from unnest(${ids}) as looked (id) join items on items.id = looked.id)`),
    checkPurchasesTasks(purchasesIn(dispatched)),
    checkReceiptsTasks(rowsSince(rows, "receipts", "received_at")),
  ];
}

/** Sold as the marks know it, and what was sold since. */
function checkStock(looks: readonly ItemLook[]): Check {
  const whole = looks.filter(({ stock }) => stock !== null);
  return {
    name: "stock",
    holds: "each item: allotted = remaining + sold - given back",
    subjects: sql`${whole.length}`,
    violations: sql`
      select format('item %s: allotted %s, remaining %s, sold %s, given back %s',
        items.id, items.allotted, items.remaining, looked.sold, refunded.units)
      from ${itemsWith(whole, ({ unitsSold }) => unitsSold)} as looked (item_id, sold)
      join items on items.id = looked.item_id
      cross join lateral (
        select coalesce(sum(quantity), 0) as units from refunds where item_id = looked.item_id and units_returned
      ) as refunded
      where items.allotted <> items.remaining + looked.sold - refunded.units`,
  };
}

function checkAllotments(looks: readonly ItemLook[]): Check {
  return {
    name: "allotment",
    holds: "each item: allotted = the sum of its adjustments",
    subjects: sql`${looks.length}`,
    violations: sql`
      select format('item %s: allotted %s, adjustments add up to %s', items.id, items.allotted, adjusted.units)
      from ${itemsWith(looks, () => 0)} as looked (item_id, nothing)
      join items on items.id = looked.item_id
      cross join lateral (
        select coalesce(sum(change), 0) as units from stock_adjustments where item_id = looked.item_id
      ) as adjusted
      where items.allotted <> adjusted.units`,
  };
}

/** Of every wallet that something new moved, all that ever did: one buyer has little, however much a shop has. */
function checkBalances(rows: NewRows, purchases: SQL): Check {
  const touched = sql`(
    select user_id from ${purchases} as purchases
    union
    select user_id from ${rowsSince(rows, "refunds", "refunded_at")} as refunds
    union
    select user_id from ${rowsSince(rows, "credits", "credited_at")} as credits
    union
    select customer_id from ${rowsSince(rows, "orders", "created_at")} as orders
    union
    select customer_id from ${rowsSince(rows, "order_refunds", "refunded_at")} as order_refunds
  )`;
  return {
    name: "balances",
    holds: "each wallet: balance = opening + credits + refunds - purchases - orders",
    subjects: sql`select count(*) from ${touched} as touched`,
    violations: sql`
      select format('wallet of %s: balance %s, movements add up to %s',
        wallets.user_id, wallets.balance_cents, moved.cents)
      from ${touched} as touched
      join wallets on wallets.user_id = touched.user_id
      cross join lateral (
        select coalesce(sum(case to_account when 'wallet' then amount_cents else -amount_cents end), 0) as cents
        from movements
        where movements.user_id = wallets.user_id
      ) as moved
      where wallets.balance_cents <> moved.cents`,
  };
}

function checkPositions(looks: readonly ItemLook[]): Check {
  const gaps = looks.filter(
    ({ above, upto, lastPosition, purchases, positions }) =>
      lastPosition < above || purchases !== upto - above || positions !== purchases,
  );
  return {
    name: "positions",
    holds: "each item: positions run from 1 to the last one without a gap",
    subjects: sql`${looks.reduce((sum, { purchases }) => sum + purchases, 0)}`,
    violations: sql`
      select format('item %s: last position %s, %s purchases after position %s where it was looked at', items.id,
        items.last_position, looked.purchases, looked.above)
      from unnest(
        ${sql.param(gaps.map(({ itemId }) => itemId))}::bigint[],
        ${sql.param(gaps.map(({ above }) => above))}::bigint[],
        ${sql.param(gaps.map(({ purchases }) => purchases))}::bigint[]
      ) as looked (item_id, above, purchases)
      join items on items.id = looked.item_id
      union all
      select format('item %s: last position %s, and a purchase above it', items.id, items.last_position)
      from ${itemsWith(looks, ({ lastPosition }) => lastPosition)} as looked (item_id, last_position)
      join items on items.id = looked.item_id
      where exists (
        select from purchase_attempts where item_id = looked.item_id and position > looked.last_position
      )`,
  };
}

/** Of every buyer of something new that has a limit, all that they hold of it. */
function checkLimits(purchases: SQL): Omit<Check, "subjects"> {
  return {
    name: "limits",
    holds: "nobody holds more of an item than its limit",
    violations: sql`
      select format('user %s holds %s of item %s, limit %s', bought.user_id, held.units, items.id,
        items.limit_per_customer)
      from (select distinct item_id, user_id from ${purchases} as purchases) as bought
      join items on items.id = bought.item_id
      cross join lateral (
        select sum(quantity) as units
        from purchase_attempts as attempts
        where attempts.user_id = bought.user_id
          and attempts.item_id = bought.item_id
          and attempts.position is not null
          and not exists (select from refunds where refunds.purchase_id = attempts.id)
      ) as held
      where items.limit_per_customer is not null and held.units > items.limit_per_customer`,
  };
}

function purchasesIn(ranges: readonly { itemId: number; above: number; upto: number }[]): SQL {
  return sql`(
    select attempts.*
    from ${rangesOf(ranges.filter(({ above, upto }) => upto > above))}
    join purchase_attempts as attempts
      on attempts.item_id = range.item_id and attempts.position > range.above and attempts.position <= range.upto
  )`;
}

function itemsWith(looks: readonly ItemLook[], numberOf: (look: ItemLook) => number): SQL {
  const ids = looks.map(({ itemId }) => itemId);
  return sql`unnest(${sql.param(ids)}::bigint[], ${sql.param(looks.map(numberOf))}::bigint[])`;
}
