-- Money for a sentence: 123456 in EUR is "1234.56 EUR".
create or replace function format_cents(p_cents numeric, p_currency text)
returns text
language plpgsql
immutable
as $$
begin
  return to_char(p_cents / 100, 'FM9999999999999999999999999990.00') || ' ' || p_currency;
end
$$;
