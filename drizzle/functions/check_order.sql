-- Why an order is refused, or null when nothing speaks against it. Reads only, takes no locks, and asks in the documented
-- order: arguments, duplicate request, customer exists, customer active, product exists, product available, inventory
-- present, inventory sufficient, balance sufficient. What can change until the order takes it, inventory and balance, is
-- judged once more under locks by `take_order`.
create or replace function check_order(
  p_customer_id uuid,
  p_warehouse_id bigint,
  p_lines jsonb,
  p_request_id text
)
returns order_outcome
language plpgsql
stable
set search_path from current
as $$
declare
  -- As many as fit into one request to the shop.
  lines_max constant integer := 1000;
  request_id_length_max constant integer := 255;
  mistake text;
  earlier record;
  customer record;
  wallet record;
  refusal order_outcome;
begin
  mistake := case
    when p_customer_id is null then 'The customer is missing.'
    when p_request_id is null or p_request_id !~ '[^[:space:]]' then 'The request id is missing.'
    when length(p_request_id) > request_id_length_max
      then format('A request id has at most %s characters.', request_id_length_max)
    when p_warehouse_id is null then 'The warehouse is missing.'
    when p_lines is null or jsonb_typeof(p_lines) <> 'array'
      then 'The lines must be a list like [{"product_id": 1, "quantity": 2}].'
    when jsonb_array_length(p_lines) = 0 then 'The order has no lines.'
    when jsonb_array_length(p_lines) > lines_max then format('An order has at most %s lines.', lines_max)
  end;
  if mistake is null then
    select format('Line %s needs a product_id, and a quantity that is a whole number from 1 on.', min(line))
    into mistake
    from parse_order_lines(p_lines)
    where product_id is null or quantity is null
    having count(*) > 0;
  end if;
  if mistake is not null then
    return refused_order('SQLITE_MISMATCH', 'INVALID_INPUT', mistake);
  end if;

  select id, fingerprint into earlier
  from orders
  where customer_id = p_customer_id and request_id = p_request_id;
  if found and earlier.fingerprint = fingerprint_order(p_lines) then
    return refused_order('SQLITE_CONSTRAINT', 'DUPLICATE_REQUEST',
      format('This request was already answered: it is order %s.', earlier.id), earlier.id);
  elsif found then
    return refused_order('SQLITE_CONSTRAINT', 'REQUEST_ID_REUSED', 'This request id already stands for another order.');
  end if;

  select active into customer from users where id = p_customer_id;
  if not found then
    return refused_order('SQLITE_NOTFOUND', 'CUSTOMER_NOT_FOUND', format('There is no customer %s.', p_customer_id));
  end if;
  if not customer.active then
    return refused_order('SQLITE_CONSTRAINT', 'CUSTOMER_INACTIVE', 'This account has been deactivated.');
  end if;

  refusal := check_demand(p_warehouse_id, p_lines);
  if not refusal.success then
    return refusal;
  end if;

  select balance_cents, currency into wallet from wallets where user_id = p_customer_id;
  return check_balance(
    wallet.balance_cents,
    wallet.currency,
    (select sum(requested::numeric * price_cents) from order_demand(p_warehouse_id, p_lines))
  );
end
$$;
