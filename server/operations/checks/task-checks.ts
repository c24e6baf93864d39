import { sql } from "drizzle-orm";
import type { Check } from "./check.ts";

/** The invariants of tasks, and of what they dispatch and receive. */
export const TASK_CHECKS: readonly Check[] = [
  {
    name: "cursors",
    holds: "each item has a cursor, from 0 to its last position; a closed one stands there",
    subjects: ({ items }) => items,
    violations: ({ items }) => sql`
      select format('item %s: cursor %s, last position %s', items.id, dispatch_cursors.position, items.last_position)
      from ${items} as items
      left join dispatch_cursors on dispatch_cursors.item_id = items.id
      where dispatch_cursors.position is null
        or dispatch_cursors.position not between 0 and items.last_position
        or dispatch_cursors.is_closed and dispatch_cursors.position <> items.last_position`,
  },
  {
    name: "purchases' tasks",
    holds: "each purchase up to its item's cursor has its task, unless it was refunded before; none above has one",
    subjects: ({ dispatched }) => dispatched,
    violations: ({ dispatched }) => sql`
      select format('purchase %s at position %s, cursor %s: task %s %s, units given back: %s', purchases.id,
        purchases.position, dispatch_cursors.position, tasks.status, tasks.payload -> 'lines', refunds.units_returned)
      from ${dispatched} as purchases
      join items on items.id = purchases.item_id
      left join dispatch_cursors on dispatch_cursors.item_id = purchases.item_id
      left join tasks on tasks.task_id = purchases.id::text and tasks.kind = 'dispatch'
      left join refunds on refunds.purchase_id = purchases.id
      where case
        when purchases.position > dispatch_cursors.position then tasks.id is not null
        when tasks.id is null then refunds.units_returned is not true
        else tasks.payload -> 'lines'
          <> jsonb_build_array(jsonb_build_object('productId', items.product_id, 'quantity', purchases.quantity))
      end`,
  },
  {
    name: "orders' tasks",
    holds: "each order has its task, which dispatches its lines",
    subjects: ({ orders }) => orders,
    violations: ({ orders, each }) => sql`
      select format('order %s: task %s %s', orders.id, tasks.status, tasks.payload -> 'lines')
      from ${orders} as orders
      left join lateral (
        select order_id,
          jsonb_agg(jsonb_build_object('productId', product_id, 'quantity', quantity) order by line) as lines
        from order_items
        where ${each(sql`order_items.order_id = orders.id`)}
        group by order_id
      ) as sold on sold.order_id = orders.id
      left join tasks on tasks.task_id = 'order-' || orders.id and tasks.kind = 'dispatch'
      where tasks.payload -> 'lines' is distinct from sold.lines`,
  },
  {
    name: "receipts' tasks",
    holds: "each receipt has its task, which brings its units, unless they were on hand already; then it has none",
    subjects: ({ receipts }) => receipts,
    violations: ({ receipts }) => sql`
      select format('receipt %s of %s units, on hand already: %s: task %s %s', receipts.id, receipts.units,
        receipts.on_hand_already, tasks.status, tasks.payload -> 'lines')
      from ${receipts} as receipts
      left join tasks on tasks.task_id = 'receipt-' || receipts.id and tasks.kind = 'receive'
      where case
        when receipts.on_hand_already then tasks.id is not null
        else tasks.id is null
          or tasks.payload -> 'lines' @>
            jsonb_build_array(jsonb_build_object('productId', receipts.product_id, 'quantity', receipts.units)) is not true
      end`,
  },
  {
    name: "dispatches",
    holds: "what was dispatched was sold, and what was given back with its units was not dispatched",
    // It takes the whole of what became of tasks, as does their log.
    isFullOnly: true,
    subjects: () => sql`(select from tasks where kind = 'dispatch')`,
    violations: () => sql`
      select format('%s is %s with %s: order %s, units given back: %s', task_id, status, outcome, order_status, units_returned)
      from (
        select tasks.task_id, tasks.status, tasks.result ->> 'outcome' as outcome, orders.status as order_status,
          coalesce(order_refunds.units_returned, refunds.units_returned) as units_returned,
          num_nonnulls(orders.id, attempts.id) as sold
        from tasks
        left join orders on tasks.task_id = 'order-' || orders.id
        left join order_refunds on order_refunds.order_id = orders.id
        left join purchase_attempts as attempts on tasks.task_id = attempts.id::text and attempts.position is not null
        left join refunds on refunds.purchase_id = attempts.id
        where tasks.kind = 'dispatch'
      ) as dispatch
      where sold <> 1
        or case status
          when 'CANCELLED' then units_returned is not true
          when 'COMPLETED' then
            case outcome
              when 'done' then units_returned is true or order_status = 'pending'
              -- Refunded without its units before, or given back with them by this very answer.
              when 'refused' then units_returned is null or order_status in ('pending', 'confirmed')
              else true
            end
          else units_returned is true or order_status = 'confirmed'
        end`,
  },
  {
    // Each transition raises the version by one, and writes one row with it. Duplicates are none.
    name: "task log",
    holds: "each task stands where its log says: version, attempts and how it ended",
    isFullOnly: true,
    subjects: () => sql`tasks`,
    violations: () => sql`
      select format('task %s: %s, version %s, attempts %s; log: %s rows up to version %s, last %s of attempt %s', tasks.task_id,
        tasks.status, tasks.version, tasks.attempts, log.transitions, last.version, last.event, last.attempt)
      from tasks
      left join (
        select task, count(*) as transitions, max(version) as last_version
        from task_log
        where event <> 'duplicate'
        group by task
      ) as log on log.task = tasks.id
      left join task_log as last
        on last.task = tasks.id and last.version = log.last_version and last.event <> 'duplicate'
      where (last.version, log.transitions, last.attempt) is distinct from (tasks.version, tasks.version + 1, tasks.attempts)
        or case tasks.status
          when 'PENDING' then last.event not in ('submitted', 'postponed', 'retried')
          when 'PROCESSING' then last.event not in ('claimed', 'recovered')
          when 'COMPLETED' then last.event <> 'completed'
          when 'FAILED' then last.event <> 'failed'
          when 'CANCELLED' then last.event <> 'cancelled'
        end`,
  },
];
