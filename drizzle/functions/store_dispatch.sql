-- Stores the task that dispatches an order, in the order's own transaction: either both are there or none.
create or replace function store_dispatch(p_order_id bigint)
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
      trace_of_request(orders.customer_id, orders.request_id)
    from orders
    where orders.id = p_order_id
    returning id
  )
  insert into task_log (task, event, attempt, version) select id, 'submitted', 0, 0 from made;
$$;
