-- `place_order` for one product, from the warehouse that has most units of it.
create or replace function process_order(
  p_customer_id uuid,
  p_product_id bigint,
  p_quantity integer,
  p_request_id text
)
returns order_result
language plpgsql
set search_path from current
as $$
declare
  answer order_result;
begin
  select success, order_id, error_code, message into answer
  from settle_order(
    p_customer_id,
    null,
    jsonb_build_array(jsonb_build_object('product_id', p_product_id, 'quantity', p_quantity)),
    p_request_id,
    p_choose_warehouse => true
  );
  return answer;
end
$$;
