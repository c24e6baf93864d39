-- The lines of a basket as rows, numbered from 1. What is not a number, not whole or out of range comes out as null, and
-- what is not a list has no lines: nothing that a caller may send makes this fail. Fields that are not known are not
-- read, so nobody can send a price.
create or replace function parse_order_lines(p_lines jsonb)
returns table (line integer, product_id bigint, quantity integer)
language plpgsql
immutable
-- Baskets are small, and plans are made for them.
rows 100
as $$
#variable_conflict use_column
begin
  return query
  select
    sent.line::integer,
    -- Nested, because only a case makes sure that the cast comes after the test.
    case when jsonb_typeof(sent.fields -> 'product_id') = 'number' then
      case
        when (sent.fields ->> 'product_id')::numeric between -9223372036854775808 and 9223372036854775807
          and (sent.fields ->> 'product_id')::numeric % 1 = 0
        then (sent.fields ->> 'product_id')::numeric::bigint
      end
    end,
    case when jsonb_typeof(sent.fields -> 'quantity') = 'number' then
      case
        when (sent.fields ->> 'quantity')::numeric between 1 and 2147483647
          and (sent.fields ->> 'quantity')::numeric % 1 = 0
        then (sent.fields ->> 'quantity')::numeric::integer
      end
    end
  from jsonb_array_elements(case jsonb_typeof(p_lines) when 'array' then p_lines end)
    with ordinality as sent (fields, line);
end
$$;
