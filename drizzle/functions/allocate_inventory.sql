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
  products_asked bigint;
  all_items_found boolean;
  all_items_sufficient boolean;
  moment timestamptz;
begin
  -- The order's own lock, so that two callers cannot serve it twice.
  perform
  from orders
  where id = p_order_id
    and not inventory_updated
    and status not in ('rejected', 'refunded')
  for update;
  if not found then
    return false;
  end if;
  select count(distinct product_id) into products_asked from order_items where order_id = p_order_id;
  if products_asked = 0 then
    return false;
  end if;

  select count(*) = products_asked, bool_and(available >= requested)
  into all_items_found, all_items_sufficient
  from (
    select demand.requested, kept.available
    from (
      select product_id, sum(quantity) as requested
      from order_items
      where order_id = p_order_id
      group by product_id
      order by product_id
    ) as demand
    cross join lateral (
      select units as available
      from inventory
      where warehouse_id = p_warehouse_id and product_id = demand.product_id
      limit 1
      for update
    ) as kept
  ) as locked;
  if not (all_items_found and all_items_sufficient) then
    return false;
  end if;

  moment := clock_timestamp();
  update inventory
  set units = inventory.units - demand.requested, updated_at = moment
  from (
    select product_id, sum(quantity) as requested from order_items where order_id = p_order_id group by product_id
  ) as demand
  where inventory.product_id = any (array[demand.product_id])
    and inventory.warehouse_id + 0 = p_warehouse_id;
  update orders set inventory_updated = true, updated_at = moment where id = p_order_id;
  return true;
end
$$;
