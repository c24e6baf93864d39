-- Puts the units of an order back into the inventory that they were taken from. To be called once per order, under the
-- order's lock; `settle_cancellation` sees to both.
create or replace function return_inventory(p_order_id bigint)
returns void
language sql
set search_path from current
as $$
  with demand as materialized (
    select orders.warehouse_id, order_items.product_id, sum(order_items.quantity) as units
    from orders
    join order_items on order_items.order_id = orders.id
    where orders.id = p_order_id
    group by orders.warehouse_id, order_items.product_id
  ),
  locked as materialized (
    -- With a limit and in lists of one, for the reason that `allocate_inventory` gives.
    select kept.warehouse_id, kept.product_id, demand.units
    from (select * from demand order by product_id) as demand
    cross join lateral (
      select warehouse_id, product_id
      from inventory
      where warehouse_id = demand.warehouse_id and product_id = demand.product_id
      limit 1
      for update
    ) as kept
  )
  update inventory
  set units = inventory.units + locked.units, updated_at = clock_timestamp()
  from locked
  where inventory.warehouse_id = any (array[locked.warehouse_id])
    and inventory.product_id = any (array[locked.product_id]);
$$;
