import { sql } from "drizzle-orm";
import type { Check } from "./check.ts";

/** The invariants of inventory and orders. */
export const ORDER_CHECKS: readonly Check[] = [
  {
    name: "inventory",
    holds: "each warehouse and product: inventory = received - ordered and not given back - allotted to items",
    // It takes all that was ever received and sold.
    isFullOnly: true,
    subjects: () => sql`inventory`,
    violations: () => sql`
      select format('warehouse %s, product %s: inventory %s, expected %s', warehouse_id, product_id,
        coalesce(inventory.units, 0), coalesce(moved.units, 0))
      from inventory
      full join (
        select warehouse_id, product_id, sum(units) as units
        from (
          select warehouse_id, product_id, units from receipts
          union all
          select orders.warehouse_id, order_items.product_id, -order_items.quantity
          from orders
          join order_items on order_items.order_id = orders.id
          where not exists (select from order_refunds where order_refunds.order_id = orders.id and units_returned)
          union all
          select items.warehouse_id, items.product_id, -stock_adjustments.change
          from stock_adjustments
          join items on items.id = stock_adjustments.item_id
        ) as movement
        group by warehouse_id, product_id
      ) as moved using (warehouse_id, product_id)
      where coalesce(inventory.units, 0) <> coalesce(moved.units, 0)`,
  },
  {
    name: "orders",
    holds: "each order has lines, took its units, and was paid with the sum of its lines",
    subjects: ({ orders }) => orders,
    violations: ({ orders, each }) => sql`
      select format('order %s: %s lines worth %s, paid %s at %s, inventory updated: %s', orders.id,
        coalesce(sold.lines, 0), sold.cents, orders.amount_cents, orders.paid_at, orders.inventory_updated)
      from ${orders} as orders
      left join lateral (
        select order_id, count(*) as lines, sum(price_cents::numeric * quantity) as cents
        from order_items
        where ${each(sql`order_items.order_id = orders.id`)}
        group by order_id
      ) as sold on sold.order_id = orders.id
      where orders.paid_at is null
        or (not orders.inventory_updated and orders.status in ('pending', 'confirmed'))
        or sold.cents is null
        or sold.cents <> orders.amount_cents`,
  },
  {
    name: "requests",
    holds: "at most one order per customer and request",
    // The database refuses it.
    isFullOnly: true,
    subjects: ({ orders }) => orders,
    violations: () => sql`
      select format('customer %s, request %s: %s orders', customer_id, request_id, count(*))
      from orders
      group by customer_id, request_id
      having count(*) > 1`,
  },
  {
    name: "order refunds",
    holds: "each rejected or refunded order was given back exactly, once, and no other",
    subjects: ({ settledOrders }) => settledOrders,
    violations: ({ settledOrders, each }) => sql`
      select format('order %s is %s: %s refunds of %s in all, paid %s', orders.id, orders.status,
        coalesce(given_back.refunds, 0), given_back.cents, orders.amount_cents)
      from ${settledOrders} as orders
      left join lateral (
        select order_id, count(*) as refunds, sum(amount_cents) as cents, min(customer_id::text) as customer_id,
          bool_or(units_returned) as units_returned
        from order_refunds
        where ${each(sql`order_refunds.order_id = orders.id`)}
        group by order_id
      ) as given_back on given_back.order_id = orders.id
      where coalesce(given_back.refunds, 0) <> case when orders.status in ('rejected', 'refunded') then 1 else 0 end
        or (given_back.cents, given_back.customer_id) <> (orders.amount_cents, orders.customer_id::text)
        -- Not the other way round: units that only the warehouse knew of may come back later.
        or (given_back.units_returned and orders.inventory_updated)`,
  },
];
