-- Takes everything that an order needs out of a warehouse's inventory, or nothing. True: taken, and the order says so.
-- False: the order is empty, unknown, has been served already or was given back, or a product is missing or short.
--
-- The rows are locked in the order of products, whatever the order of the lines, so two orders never wait for each
-- other in a circle. The verdict is about the locked rows: PostgreSQL reads a row again when it had to wait for its lock.
--
-- Its plan is kept, also one that was made while the warehouse held little and all of it looked as near as one product. So
-- each product is looked up in a way that only an index serves: by a query of its own with a limit, or in a list of one and
-- with a sum that keeps the warehouse's index out. `server/orders/plans.db.test.ts` counts the rows that are read.
create or replace function allocate_inventory(p_order_id bigint, p_warehouse_id bigint)
returns boolean
language plpgsql
set search_path from current
as $$
declare
  allocated boolean;
begin
  -- The order's own lock, so that two callers cannot serve it twice.
  perform
  from orders
  where id = p_order_id
    and not inventory_updated
    and status not in ('rejected', 'refunded')
  for update;
  if not found or not exists (select from order_items where order_id = p_order_id) then
    return false;
  end if;

  with demand as materialized (
    select product_id, sum(quantity) as units
    from order_items
    where order_id = p_order_id
    group by product_id
  ),
  locked as materialized (
    select kept.product_id, kept.available, demand.requested
    from (select product_id, units as requested from demand order by product_id) as demand
    cross join lateral (
      select product_id, units as available
      from inventory
      where warehouse_id = p_warehouse_id and product_id = demand.product_id
      limit 1
      for update
    ) as kept
  ),
  verdict as materialized (
    select
      count(*) = (select count(*) from demand) as all_items_found,
      coalesce(bool_and(available >= requested), false) as all_items_sufficient
    from locked
  ),
  taken as (
    update inventory
    set units = inventory.units - locked.requested, updated_at = clock_timestamp()
    from locked, verdict
    where inventory.product_id = any (array[locked.product_id])
      and inventory.warehouse_id + 0 = p_warehouse_id
      and verdict.all_items_found
      and verdict.all_items_sufficient
  ),
  marked as (
    update orders
    set inventory_updated = true, updated_at = clock_timestamp()
    from verdict
    where orders.id = p_order_id
      and verdict.all_items_found
      and verdict.all_items_sufficient
  )
  select all_items_found and all_items_sufficient into allocated from verdict;

  return allocated;
end
$$;
