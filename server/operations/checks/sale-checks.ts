import { sql } from "drizzle-orm";
import type { Check } from "./check.ts";

/** The invariants of items, and of purchases and their refunds. */
export const SALE_CHECKS: readonly Check[] = [
  {
    name: "stock",
    holds: "each item: allotted = remaining + sold - given back",
    subjects: ({ counted }) => sql`(select from ${counted} as counted where is_whole)`,
    violations: ({ counted, each }) => sql`
      select format('item %s: allotted %s, remaining %s, sold %s, given back %s',
        items.id, items.allotted, items.remaining, sold.units_sold, coalesce(refunded.units, 0))
      from ${counted} as sold
      join items on items.id = sold.item_id
      left join lateral (
        -- Units whose dispatch had begun do not come back.
        select item_id, sum(quantity) as units
        from refunds
        where units_returned and ${each(sql`refunds.item_id = items.id`)}
        group by item_id
      ) as refunded on refunded.item_id = items.id
      where sold.is_whole and items.allotted <> items.remaining + sold.units_sold - coalesce(refunded.units, 0)`,
  },
  {
    name: "allotment",
    holds: "each item: allotted = the sum of its adjustments",
    subjects: ({ items }) => items,
    violations: ({ items, each }) => sql`
      select format('item %s: allotted %s, adjustments add up to %s',
        items.id, items.allotted, coalesce(adjusted.units, 0))
      from ${items} as items
      left join lateral (
        select item_id, sum(change) as units
        from stock_adjustments
        where ${each(sql`stock_adjustments.item_id = items.id`)}
        group by item_id
      ) as adjusted on adjusted.item_id = items.id
      where items.allotted <> coalesce(adjusted.units, 0)`,
  },
  {
    name: "leftovers",
    holds: "each sale whose leftovers went back to the inventory was over, and has nothing left",
    // No index knows the sales whose leftovers went back.
    isFullOnly: true,
    subjects: () => sql`(select from sales where leftovers_returned_at is not null)`,
    violations: () => sql`
      select format('sale %s: leftovers returned at %s, ends at %s, cancelled at %s, remaining %s',
        sales.id, sales.leftovers_returned_at, sales.ends_at, sales.cancelled_at, sum(items.remaining))
      from sales
      left join items on items.sale_id = sales.id
      where sales.leftovers_returned_at is not null
      group by sales.id
      having sales.leftovers_returned_at < least(sales.ends_at, sales.cancelled_at) or sum(items.remaining) > 0`,
  },
  {
    name: "keys",
    holds: "at most one attempt per user and key",
    // The database refuses it.
    isFullOnly: true,
    subjects: ({ attempts }) => attempts,
    violations: () => sql`
      select format('user %s, key %s: %s attempts', user_id, idempotency_key, count(*))
      from purchase_attempts
      group by user_id, idempotency_key
      having count(*) > 1`,
  },
  {
    // No foreign key sees to it: see `drizzle/schema/money.ts`.
    name: "owners",
    holds: "each attempt names a user with a wallet, and an item",
    subjects: ({ attempts }) => attempts,
    violations: ({ attempts }) => sql`
      select format('attempt %s: user %s, item %s', attempts.id, attempts.user_id, attempts.item_id)
      from ${attempts} as attempts
      left join wallets on wallets.user_id = attempts.user_id
      left join items on items.id = attempts.item_id
      where wallets.user_id is null or items.id is null`,
  },
  {
    name: "positions",
    holds: "each item: positions run from 1 to the last one without a gap",
    subjects: ({ purchases }) => purchases,
    violations: ({ counted }) => sql`
      select format('item %s: last position %s, and above position %s up to %s: %s purchases at %s positions; the highest is %s',
        items.id, items.last_position, above, upto, purchases, positions, highest)
      from ${counted} as counted
      join items on items.id = counted.item_id
      where items.last_position < above
        or purchases <> upto - above
        or positions <> purchases
        or highest > items.last_position`,
  },
  {
    name: "amounts",
    holds: "each purchase: amount = quantity x the item's price",
    subjects: ({ purchases }) => purchases,
    violations: ({ purchases }) => sql`
      select format('purchase %s: %s units at %s cost %s', purchases.id, quantity, price_cents, amount_cents)
      from ${purchases} as purchases
      join items on items.id = purchases.item_id
      where amount_cents <> quantity * price_cents`,
  },
  {
    name: "limits",
    holds: "nobody holds more of an item than its limit",
    subjects: ({ purchases }) => purchases,
    violations: ({ held }) => sql`
      select format('user %s holds %s of item %s, limit %s', held.user_id, sum(held.quantity), items.id,
        items.limit_per_customer)
      from ${held} as held
      join items on items.id = held.item_id
      where items.limit_per_customer is not null
        and not exists (select from refunds where refunds.purchase_id = held.id)
      group by items.id, held.user_id
      having sum(held.quantity) > items.limit_per_customer`,
  },
  {
    name: "sale limits",
    holds: "nobody holds more from a sale than its limit over all items",
    subjects: ({ purchases }) => purchases,
    violations: ({ held }) => sql`
      select format('user %s holds %s from sale %s, limit %s', held.user_id, sum(held.quantity), sales.id,
        sales.limit_per_customer)
      from ${held} as held
      join items on items.id = held.item_id
      join sales on sales.id = items.sale_id
      where sales.limit_per_customer is not null
        and not exists (select from refunds where refunds.purchase_id = held.id)
      group by sales.id, held.user_id
      having sum(held.quantity) > sales.limit_per_customer`,
  },
  {
    name: "admissions",
    holds: "in a sale that needs an access code each purchase is of somebody who had entered one",
    subjects: ({ purchases }) => purchases,
    violations: ({ purchases }) => sql`
      select format('purchase %s at %s: user %s, sale %s, admitted at %s', purchases.id, decided_at, purchases.user_id, sales.id,
        sale_admissions.admitted_at)
      from ${purchases} as purchases
      join items on items.id = purchases.item_id
      join sales on sales.id = items.sale_id and sales.needs_access_code
      left join sale_admissions
        on sale_admissions.user_id = purchases.user_id and sale_admissions.sale_id = items.sale_id
      where sale_admissions.admitted_at is null or sale_admissions.admitted_at > decided_at`,
  },
  {
    name: "access codes",
    holds: "each access code has let in as many as were counted, all into its own sale",
    // Admissions have no index by time.
    isFullOnly: true,
    subjects: () => sql`access_codes`,
    violations: () => sql`
      select format('access code %s of sale %s: %s uses of %s, %s admissions', access_codes.id, access_codes.sale_id, uses,
        uses_max, count(sale_admissions.code_id))
      from access_codes
      left join sale_admissions
        on sale_admissions.code_id = access_codes.id and sale_admissions.sale_id = access_codes.sale_id
      group by access_codes.id
      having count(sale_admissions.code_id) <> uses or uses > uses_max
      union all
      select format('admission of %s to sale %s by a code of sale %s', sale_admissions.user_id, sale_admissions.sale_id,
        access_codes.sale_id)
      from sale_admissions
      left join access_codes on access_codes.id = sale_admissions.code_id
      where access_codes.sale_id is distinct from sale_admissions.sale_id`,
  },
  {
    name: "windows",
    holds: "no purchase outside its sale's window, after its cancellation or in a pause",
    subjects: ({ purchases }) => purchases,
    violations: ({ purchases }) => sql`
      select format('purchase %s at %s: sale %s', purchases.id, decided_at, sales.id)
      from ${purchases} as purchases
      join items on items.id = purchases.item_id
      join sales on sales.id = items.sale_id
      where decided_at < sales.starts_at
        or decided_at >= sales.ends_at
        or decided_at >= sales.cancelled_at
        or exists (
          select from sale_pauses
          where sale_pauses.sale_id = sales.id
            and decided_at >= sale_pauses.paused_at
            and decided_at < coalesce(sale_pauses.resumed_at, 'infinity')
        )`,
  },
  {
    name: "refunds",
    holds: "each refund gives back exactly what its purchase took, once",
    subjects: ({ refunds }) => refunds,
    violations: ({ refunds }) => sql`
      select format('refund %s of purchase %s', refunds.id, refunds.purchase_id)
      from ${refunds} as refunds
      left join purchase_attempts as attempts on attempts.id = refunds.purchase_id and attempts.position is not null
      where attempts.id is null
        or (refunds.user_id, refunds.item_id, refunds.quantity, refunds.amount_cents)
          <> (attempts.user_id, attempts.item_id, attempts.quantity, attempts.amount_cents)
      union all
      select format('purchase %s: %s refunds', purchase_id, count(*))
      from ${refunds} as refunds
      group by purchase_id
      having count(*) > 1`,
  },
];
