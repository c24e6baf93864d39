-- The warehouse that an order goes to when the caller names none: the one that has enough of most of its products, then
-- the one with most units of them, then the one with the lowest id. For a single product that is the one with most units.
-- Where nobody keeps any of it, the first warehouse stands in, so that the refusal can say what is missing.
create or replace function choose_warehouse(p_lines jsonb)
returns bigint
language plpgsql
stable
set search_path from current
as $$
declare
  chosen bigint;
begin
  select inventory.warehouse_id into chosen
  from (
    select product_id, sum(quantity) as requested
    from parse_order_lines(p_lines)
    group by product_id
  ) as demand
  -- By itself, for the reason that `allocate_inventory` gives.
  cross join lateral (
    select warehouse_id, units from inventory where inventory.product_id = demand.product_id offset 0
  ) as inventory
  group by inventory.warehouse_id
  order by
    count(*) filter (where inventory.units >= demand.requested) desc,
    sum(inventory.units) desc,
    inventory.warehouse_id
  limit 1;
  if not found then
    select min(id) into chosen from warehouses;
  end if;
  return coalesce(chosen, 0);
end
$$;
