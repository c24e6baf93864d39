-- The same text for the same units of the same products, however they are spread over lines. The warehouse is not in it:
-- a request that is sent again may find another one chosen for it.
create or replace function fingerprint_order(p_lines jsonb)
returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return (
    select string_agg(format('%sx%s', product_id, units), ',' order by product_id)
    from (
      select product_id, sum(quantity) as units
      from parse_order_lines(p_lines)
      group by product_id
    ) as demand
  );
end
$$;
