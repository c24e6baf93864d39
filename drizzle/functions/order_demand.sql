-- What a basket asks for, a row per product, beside what the shop has of it: null where there is no such product, or
-- where the warehouse does not keep it. Read without locks.
create or replace function order_demand(p_warehouse_id bigint, p_lines jsonb)
returns table (
  product_id bigint,
  lines integer[],
  requested bigint,
  product_name text,
  price_cents bigint,
  for_sale boolean,
  units integer
)
language plpgsql
stable
set search_path from current
as $$
#variable_conflict use_column
begin
  return query
  select
    demand.product_id,
    demand.lines,
    demand.requested,
    products.name,
    products.price_cents,
    products.available and not products.only_in_sales,
    inventory.units
  from (
    select parsed.product_id, array_agg(parsed.line order by parsed.line) as lines, sum(parsed.quantity) as requested
    from parse_order_lines(p_lines) as parsed
    group by parsed.product_id
  ) as demand
  left join products on products.id = demand.product_id
  -- With a limit, for the reason that `allocate_inventory` gives.
  left join lateral (
    select inventory.units
    from inventory
    where inventory.warehouse_id = p_warehouse_id and inventory.product_id = demand.product_id
    limit 1
  ) as inventory on true;
end
$$;
