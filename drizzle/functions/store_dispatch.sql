-- Stores the task that dispatches an order, in the order's own transaction: either both are there or none. Its trace is the
-- caller's, where `p_trace_id` is one: 32 hexadecimal digits, not all of them zero, as W3C Trace Context has it.
create or replace function store_dispatch(p_order_id bigint, p_trace_id text)
returns void
language sql
set search_path from current
as $$
  with made as (
    insert into tasks (task_id, kind, payload, attempts_max, trace_id)
    select
      'order-' || orders.id,
      'dispatch',
      jsonb_build_object(
        'reference', 'order-' || orders.id,
        'orderId', orders.id,
        'lines', (
          select jsonb_agg(jsonb_build_object('productId', product_id, 'quantity', quantity) order by line)
          from order_items
          where order_items.order_id = orders.id
        )
      ),
      -- More than a day of attempts: an outage of the warehouse is waited for, however long.
      10000,
      case
        when p_trace_id ~ '^(?!0{32})[0-9a-f]{32}$' then p_trace_id
        else trace_of_request(orders.customer_id, orders.request_id)
      end
    from orders
    where orders.id = p_order_id
    returning id
  )
  insert into task_log (task, event, attempt, version) select id, 'submitted', 0, 0 from made;
$$;
