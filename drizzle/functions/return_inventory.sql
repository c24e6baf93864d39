-- Puts the units of an order back into the inventory that they were taken from. To be called once per order, under the
-- order's lock; `settle_cancellation` sees to both.
create or replace function return_inventory(p_order_id bigint)
returns void
language plpgsql
set search_path from current
as $$
declare
  -- Where the units go back to.
  place bigint;
  moment timestamptz;
begin
  select warehouse_id into place from orders where id = p_order_id;
  -- In the order of products; with a limit and in lists of one, for the reason that `allocate_inventory` gives.
  perform
  from (
    select product_id from order_items where order_id = p_order_id group by product_id order by product_id
  ) as demand
  cross join lateral (
    select product_id from inventory where warehouse_id = place and product_id = demand.product_id limit 1 for update
  ) as kept;

  moment := clock_timestamp();
  update inventory
  set units = inventory.units + demand.units, updated_at = moment
  from (
    select product_id, sum(quantity) as units from order_items where order_id = p_order_id group by product_id
  ) as demand
  where inventory.product_id = any (array[demand.product_id])
    and inventory.warehouse_id + 0 = place;
end
$$;
