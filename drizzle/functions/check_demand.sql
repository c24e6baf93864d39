-- Why a basket cannot be had from a warehouse, or null when it can: product exists, product available, inventory present,
-- inventory sufficient. All of it is judged on one reading.
create or replace function check_demand(p_warehouse_id bigint, p_lines jsonb)
returns order_outcome
language plpgsql
stable
set search_path from current
as $$
declare
  unknown jsonb;
  withdrawn jsonb;
  not_kept jsonb;
  short jsonb;
  warehouse_name text;
  others text;
begin
  select
    jsonb_agg(problem order by lines) filter (where product_name is null),
    jsonb_agg(problem order by lines) filter (where not for_sale),
    jsonb_agg(problem order by lines) filter (where product_name is not null and units is null),
    jsonb_agg(problem order by lines) filter (where units < requested)
  into unknown, withdrawn, not_kept, short
  from order_demand(p_warehouse_id, p_lines) as demand
  cross join lateral jsonb_build_object(
    'productId', demand.product_id,
    'productName', demand.product_name,
    'lines', to_jsonb(demand.lines),
    'requested', demand.requested,
    'available', coalesce(demand.units, 0)
  ) as described (problem);

  if unknown is not null then
    return refused_order('SQLITE_NOTFOUND', 'PRODUCT_NOT_FOUND',
      format('There is no product %s.', unknown -> 0 ->> 'productId'), null, unknown);
  end if;

  if withdrawn is not null then
    return refused_order('SQLITE_CONSTRAINT', 'PRODUCT_UNAVAILABLE',
      format('"%s" is not for sale.', withdrawn -> 0 ->> 'productName'), null, withdrawn);
  end if;

  select name into warehouse_name from warehouses where id = p_warehouse_id;
  if not found then
    return refused_order('SQLITE_NOTFOUND', 'WAREHOUSE_NOT_FOUND', format('There is no warehouse %s.', p_warehouse_id));
  end if;

  if not_kept is not null then
    return refused_order('SQLITE_NOTFOUND', 'INVENTORY_NOT_FOUND',
      format('"%s" is not kept in "%s".', not_kept -> 0 ->> 'productName', warehouse_name), null, not_kept);
  end if;

  if short is not null then
    others := case jsonb_array_length(short)
      when 1 then ''
      when 2 then ' One more product is short.'
      else format(' %s more products are short.', jsonb_array_length(short) - 1)
    end;
    return refused_order('SQLITE_BUSY', 'INSUFFICIENT_INVENTORY',
      case short -> 0 ->> 'available'
        when '0' then format('"%s" is sold out.', short -> 0 ->> 'productName')
        when '1' then format('Only 1 of "%s" is left, you asked for %s.',
          short -> 0 ->> 'productName', short -> 0 ->> 'requested')
        else format('Only %s of "%s" are left, you asked for %s.',
          short -> 0 ->> 'available', short -> 0 ->> 'productName', short -> 0 ->> 'requested')
      end || others,
      null, short);
  end if;

  return null;
end
$$;
