-- Why a customer cannot pay an amount, or null when they can. `numeric`, because no basket's price may overflow here.
create or replace function check_balance(p_balance_cents bigint, p_currency text, p_amount_cents numeric)
returns order_outcome
language plpgsql
immutable
set search_path from current
as $$
begin
  if p_balance_cents < p_amount_cents then
    return refused_order('SQLITE_CONSTRAINT', 'INSUFFICIENT_BALANCE',
      format('The order costs %s and the wallet holds %s: %s are missing.',
        format_cents(p_amount_cents, p_currency),
        format_cents(p_balance_cents, p_currency),
        format_cents(p_amount_cents - p_balance_cents, p_currency)));
  end if;
  return null;
end
$$;
