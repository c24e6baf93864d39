-- Sells a basket from one warehouse, paid from the customer's wallet, all or nothing. `p_lines` is a list like
-- [{"product_id": 1, "quantity": 2}]; prices come from `products`. A request id belongs to its customer and stands for one
-- order: sending it again gets the order's id and SQLITE_CONSTRAINT.
create or replace function place_order(
  p_customer_id uuid,
  p_warehouse_id bigint,
  p_lines jsonb,
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
  from settle_order(p_customer_id, p_warehouse_id, p_lines, p_request_id);
  return answer;
end
$$;
