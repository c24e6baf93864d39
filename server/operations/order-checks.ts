import { sql } from "drizzle-orm";
import type { Check } from "./checks.ts";

/** The invariants of inventory and orders: see `checks.ts`. */
export const ORDER_CHECKS: readonly Check[] = [
  {
    name: "inventory",
    holds: "each warehouse and product: inventory = received - ordered and not given back - allotted to items",
    subjects: sql`select count(*) from inventory`,
    violations: sql`
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
    subjects: sql`select count(*) from orders`,
    violations: sql`
      select format('order %s: %s lines worth %s, paid %s at %s, inventory updated: %s', orders.id,
        coalesce(sold.lines, 0), sold.cents, orders.amount_cents, orders.paid_at, orders.inventory_updated)
      from orders
      left join (
        select order_id, count(*) as lines, sum(price_cents::numeric * quantity) as cents from order_items group by order_id
      ) as sold on sold.order_id = orders.id
      where orders.paid_at is null
        or (not orders.inventory_updated and orders.status in ('pending', 'confirmed'))
        or sold.cents is null
        or sold.cents <> orders.amount_cents`,
  },
  {
    name: "requests",
    holds: "at most one order per customer and request",
    subjects: sql`select count(*) from orders`,
    violations: sql`
      select format('customer %s, request %s: %s orders', customer_id, request_id, count(*))
      from orders
      group by customer_id, request_id
      having count(*) > 1`,
  },
  {
    name: "order refunds",
    holds: "each rejected or refunded order was given back exactly, once, and no other",
    subjects: sql`select count(*) from order_refunds`,
    violations: sql`
      select format('order %s is %s: %s refunds of %s in all, paid %s', orders.id, orders.status,
        count(order_refunds.id), sum(order_refunds.amount_cents), orders.amount_cents)
      from orders
      left join order_refunds on order_refunds.order_id = orders.id
      group by orders.id
      having count(order_refunds.id) <> case when orders.status in ('rejected', 'refunded') then 1 else 0 end
        or bool_or((order_refunds.amount_cents, order_refunds.customer_id) <> (orders.amount_cents, orders.customer_id))
        -- Not the other way round: units that only the warehouse knew of may come back later.
        or bool_or(order_refunds.units_returned and orders.inventory_updated)`,
  },
];
