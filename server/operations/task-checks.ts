import { sql } from "drizzle-orm";
import type { Check } from "./checks.ts";
import { checkCursors, checkPurchasesTasks, checkReceiptsTasks } from "./row-checks.ts";

/** The invariants of tasks, and of what they dispatch and receive: see `checks.ts`. */
export const TASK_CHECKS: readonly Check[] = [
  checkCursors(sql`items`),
  checkPurchasesTasks(sql`purchase_attempts`),
  {
    name: "orders' tasks",
    holds: "each order has its task, which dispatches its lines",
    subjects: sql`select count(*) from orders`,
    violations: sql`
      select format('order %s: task %s %s', orders.id, tasks.status, tasks.payload -> 'lines')
      from orders
      left join (
        select order_id,
          jsonb_agg(jsonb_build_object('productId', product_id, 'quantity', quantity) order by line) as lines
        from order_items
        group by order_id
      ) as sold on sold.order_id = orders.id
      left join tasks on tasks.task_id = 'order-' || orders.id and tasks.kind = 'dispatch'
      where tasks.payload -> 'lines' is distinct from sold.lines`,
  },
  checkReceiptsTasks(sql`receipts`),
  {
    name: "dispatches",
    holds: "what was dispatched was sold, and what was given back with its units was not dispatched",
    subjects: sql`select count(*) from tasks where kind = 'dispatch'`,
    violations: sql`
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
    subjects: sql`select count(*) from tasks`,
    violations: sql`
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
