import { type SQL, sql } from "drizzle-orm";
import { ORDER_CHECKS } from "./order-checks.ts";
import { checkAmounts, checkOwners, checkRefunds, checkWindows } from "./row-checks.ts";
import { TASK_CHECKS } from "./task-checks.ts";

/**
 * The invariants of the shop, each as a query over everything that was ever written. `violations` yields a sentence
 * for each row that breaks the invariant; `subjects` counts what was looked at.
 */
export const CHECKS: readonly Check[] = [
  {
    name: "stock",
    holds: "each item: allotted = remaining + sold - given back",
    subjects: sql`select count(*) from items`,
    violations: sql`
      select format('item %s: allotted %s, remaining %s, sold %s, given back %s',
        items.id, items.allotted, items.remaining, coalesce(sold.units, 0), coalesce(refunded.units, 0))
      from items
      left join (
        select item_id, sum(quantity) as units from purchase_attempts where position is not null group by item_id
      ) as sold on sold.item_id = items.id
      left join (
        -- Units whose dispatch had begun do not come back.
        select item_id, sum(quantity) as units from refunds where units_returned group by item_id
      ) as refunded
        on refunded.item_id = items.id
      where items.allotted <> items.remaining + coalesce(sold.units, 0) - coalesce(refunded.units, 0)`,
  },
  {
    name: "allotment",
    holds: "each item: allotted = the sum of its adjustments",
    subjects: sql`select count(*) from stock_adjustments`,
    violations: sql`
      select format('item %s: allotted %s, adjustments add up to %s',
        items.id, items.allotted, coalesce(adjusted.units, 0))
      from items
      left join (select item_id, sum(change) as units from stock_adjustments group by item_id) as adjusted
        on adjusted.item_id = items.id
      where items.allotted <> coalesce(adjusted.units, 0)`,
  },
  {
    name: "leftovers",
    holds: "each sale whose leftovers went back to the inventory was over, and has nothing left",
    subjects: sql`select count(*) from sales where leftovers_returned_at is not null`,
    violations: sql`
      select format('sale %s: leftovers returned at %s, ends at %s, cancelled at %s, remaining %s',
        sales.id, sales.leftovers_returned_at, sales.ends_at, sales.cancelled_at, sum(items.remaining))
      from sales
      left join items on items.sale_id = sales.id
      where sales.leftovers_returned_at is not null
      group by sales.id
      having sales.leftovers_returned_at < least(sales.ends_at, sales.cancelled_at) or sum(items.remaining) > 0`,
  },
  {
    name: "balances",
    holds: "each wallet: balance = opening + credits + refunds - purchases - orders",
    subjects: sql`select count(*) from wallets`,
    violations: sql`
      select format('wallet of %s: balance %s, movements add up to %s',
        wallets.user_id, wallets.balance_cents, coalesce(moved.cents, 0))
      from wallets
      left join (
        select user_id, sum(case to_account when 'wallet' then amount_cents else -amount_cents end) as cents
        from movements
        group by user_id
      ) as moved on moved.user_id = wallets.user_id
      where wallets.balance_cents <> coalesce(moved.cents, 0)`,
  },
  {
    // In the order of the database's clock, which is read under the wallet's lock: a clock that was set back shows here.
    name: "statements",
    holds: "each movement: balance after = balance before + what it added",
    subjects: sql`select count(*) from movements`,
    violations: sql`
      select format('movement %s of %s: balance after %s, expected %s', id, user_id, balance_after_cents, expected)
      from (
        select id, user_id, balance_after_cents, sum(case to_account when 'wallet' then amount_cents else -amount_cents end)
          over (partition by user_id order by moved_at, id) as expected
        from movements
      ) as statement
      where balance_after_cents <> expected`,
  },
  {
    name: "not negative",
    holds: "no stock, no inventory and no balance is below zero",
    subjects: sql`
      select (select count(*) from items) + (select count(*) from inventory) + (select count(*) from wallets)`,
    violations: sql`
      select format('warehouse %s, product %s: %s units', warehouse_id, product_id, units) from inventory where units < 0
      union all
      select format('item %s: remaining %s', id, remaining) from items where remaining < 0
      union all
      select format('wallet of %s: balance %s', user_id, balance_cents) from wallets where balance_cents < 0`,
  },
  {
    name: "keys",
    holds: "at most one attempt per user and key",
    subjects: sql`select count(*) from purchase_attempts`,
    violations: sql`
      select format('user %s, key %s: %s attempts', user_id, idempotency_key, count(*))
      from purchase_attempts
      group by user_id, idempotency_key
      having count(*) > 1`,
  },
  checkOwners(sql`purchase_attempts`),
  {
    name: "positions",
    holds: "each item: positions run from 1 to the last one without a gap",
    subjects: sql`select count(*) from purchase_attempts where position is not null`,
    violations: sql`
      select format('item %s: last position %s, purchases %s, positions %s to %s', items.id, items.last_position,
        count(attempts.position), min(attempts.position), max(attempts.position))
      from items
      left join purchase_attempts as attempts on attempts.item_id = items.id and attempts.position is not null
      group by items.id
      having items.last_position <> count(attempts.position)
        or count(attempts.position) <> count(distinct attempts.position)
        or min(attempts.position) <> 1
        or max(attempts.position) <> items.last_position`,
  },
  checkAmounts(sql`purchase_attempts`),
  {
    name: "limits",
    holds: "nobody holds more of an item than its limit",
    subjects: sql`select count(*) from items where limit_per_customer is not null`,
    violations: sql`
      select format('user %s holds %s of item %s, limit %s', attempts.user_id, sum(attempts.quantity), items.id,
        items.limit_per_customer)
      from items
      join purchase_attempts as attempts on attempts.item_id = items.id and attempts.position is not null
      where items.limit_per_customer is not null
        and not exists (select from refunds where refunds.purchase_id = attempts.id)
      group by items.id, attempts.user_id
      having sum(attempts.quantity) > items.limit_per_customer`,
  },
  checkWindows(sql`purchase_attempts`),
  checkRefunds(sql`refunds`),
  ...ORDER_CHECKS,
  ...TASK_CHECKS,
];

export interface Check {
  readonly name: string;
  /** What holds, in words. */
  readonly holds: string;
  readonly subjects: SQL;
  readonly violations: SQL;
}
