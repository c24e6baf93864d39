-- Stores the task that dispatches an order, in the order's own transaction: either both are there or none. Its trace is the
-- caller's, where `p_trace_id` is one: 32 hexadecimal digits, not all of them zero, as W3C Trace Context has it.
create or replace function store_dispatch(p_order_id bigint, p_trace_id text, p_at timestamptz)
returns void
language plpgsql
set search_path from current
as $$
declare
  -- More than a day of attempts: an outage of the warehouse is waited for, however long.
  attempts_max constant integer := 10000;
  ordered record;
  lines jsonb;
  task_number bigint;
begin
  select customer_id, request_id into strict ordered from orders where id = p_order_id;
  select jsonb_agg(jsonb_build_object('productId', product_id, 'quantity', quantity) order by line) into lines
  from order_items
  where order_id = p_order_id;

  insert into tasks (task_id, kind, payload, due_at, attempts_max, trace_id, created_at)
  values (
    'order-' || p_order_id,
    'dispatch',
    jsonb_build_object('reference', 'order-' || p_order_id, 'orderId', p_order_id, 'lines', lines),
    p_at,
    attempts_max,
    case
      when p_trace_id ~ '^(?!0{32})[0-9a-f]{32}$' then p_trace_id
      else trace_of_request(ordered.customer_id, ordered.request_id)
    end,
    p_at
  )
  returning id into task_number;
  insert into task_log (task, event, attempt, version, at) values (task_number, 'submitted', 0, 0, p_at);
end
$$;
