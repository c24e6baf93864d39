-- Takes everything that an order needs out of a warehouse's inventory, or nothing. True: taken, and the order says so.
-- False: the order is empty, unknown, has been served already or was given back, or a product is missing or short.
--
-- The rows are locked in the order of products, whatever the order of the lines, so two orders never wait for each
-- other in a circle. The verdict is about the locked rows: PostgreSQL reads a row again when it had to wait for its lock.
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
    select inventory.product_id, inventory.units as available, demand.units as requested
    from demand
    join inventory on inventory.warehouse_id = p_warehouse_id and inventory.product_id = demand.product_id
    order by inventory.product_id
    for update of inventory
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
    where inventory.warehouse_id = p_warehouse_id
      and inventory.product_id = locked.product_id
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
