import { sql } from "drizzle-orm";
import type { Check } from "../checks.ts";
import type { NewRows } from "./look-at-new.ts";
import { rowsSince } from "./rows-since.ts";

/** The invariants of new orders, and of those that were given back: see `newChecks`. */
export function newOrderChecks(rows: NewRows): readonly Check[] {
  const orders = rowsSince(rows, "orders", "created_at");
  const refunds = rowsSince(rows, "order_refunds", "refunded_at");
  const subjects = sql`select count(*) from ${orders} as orders`;
  return [
    {
      name: "orders",
      holds: "each order has lines, took its units, and was paid with the sum of its lines",
      subjects,
      violations: sql`
        select format('order %s: %s lines worth %s, paid %s at %s, inventory updated: %s', orders.id,
          sold.lines, sold.cents, orders.amount_cents, orders.paid_at, orders.inventory_updated)
        from ${orders} as orders
        cross join lateral (
          select count(*) as lines, sum(price_cents::numeric * quantity) as cents
          from order_items
          where order_id = orders.id
        ) as sold
        where orders.paid_at is null
          or (not orders.inventory_updated and orders.status in ('pending', 'confirmed'))
          or sold.cents is null
          or sold.cents <> orders.amount_cents`,
    },
    {
      name: "order refunds",
      holds: "each rejected or refunded order was given back exactly, once, and no other",
      subjects: sql`select (${subjects}) + (select count(*) from ${refunds} as refunds)`,
      violations: sql`
        select format('order %s is %s: %s refunds of %s in all, paid %s', orders.id, orders.status, given_back.refunds,
          given_back.cents, orders.amount_cents)
        from (
          select id from ${orders} as orders
          union
          select order_id from ${refunds} as refunds
        ) as looked
        join orders on orders.id = looked.id
        cross join lateral (
          select count(*) as refunds, sum(amount_cents) as cents,
            bool_and(
              (amount_cents, customer_id) = (orders.amount_cents, orders.customer_id)
              -- Not the other way round: units that only the warehouse knew of may come back later.
              and not (units_returned and orders.inventory_updated)
            ) as is_exact
          from order_refunds
          where order_id = orders.id
        ) as given_back
        where given_back.refunds <> case when orders.status in ('rejected', 'refunded') then 1 else 0 end
          or not given_back.is_exact`,
    },
    {
      name: "orders' tasks",
      holds: "each order has its task, which dispatches its lines",
      subjects,
      violations: sql`
        select format('order %s: task %s %s', orders.id, tasks.status, tasks.payload -> 'lines')
        from ${orders} as orders
        cross join lateral (
          select jsonb_agg(jsonb_build_object('productId', product_id, 'quantity', quantity) order by line) as lines
          from order_items
          where order_id = orders.id
        ) as sold
        left join tasks on tasks.task_id = 'order-' || orders.id and tasks.kind = 'dispatch'
        where tasks.payload -> 'lines' is distinct from sold.lines`,
    },
  ];
}
