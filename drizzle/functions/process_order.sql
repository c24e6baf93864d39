-- `place_order` for one product, from the warehouse that has most units of it.
create or replace function process_order(
  p_customer_id uuid,
  p_product_id bigint,
  p_quantity integer,
  p_request_id text
)
returns order_result
language sql
set search_path from current
as $$
  select row(success, order_id, error_code, message)::order_result
  from settle_order(
    p_customer_id,
    null,
    jsonb_build_array(jsonb_build_object('product_id', p_product_id, 'quantity', p_quantity)),
    p_request_id,
    p_choose_warehouse => true
  );
$$;
