-- Makes an order that `check_order` had nothing against: stores it, takes its units, then its money, and stores the task
-- that dispatches it. Locks inventory in the order of products, then the wallet, and judges again what others may have
-- taken meanwhile.
--
-- On a refusal the caller must undo what was stored (see `settle_order`).
create or replace function take_order(
  p_customer_id uuid,
  p_warehouse_id bigint,
  p_lines jsonb,
  p_request_id text,
  p_trace_id text
)
returns order_outcome
language plpgsql
set search_path from current
as $$
declare
  made record;
  wallet record;
  refusal order_outcome;
  moment timestamptz := clock_timestamp();
begin
  -- One statement reads each price once, so that the amount is the sum of the lines even if a price changes just now.
  with sold as materialized (
    select parsed.line, products.id as product_id, products.name, products.price_cents, parsed.quantity
    from parse_order_lines(p_lines) as parsed
    join products on products.id = parsed.product_id
  ),
  stored as (
    insert into orders (customer_id, warehouse_id, request_id, fingerprint, amount_cents, currency, created_at,
      updated_at)
    select p_customer_id, p_warehouse_id, p_request_id, fingerprint_order(p_lines),
      (select sum(price_cents::numeric * quantity) from sold), wallets.currency, moment, moment
    from wallets
    where wallets.user_id = p_customer_id
    returning id, amount_cents
  ),
  lines as (
    insert into order_items (order_id, line, product_id, product_name, price_cents, quantity)
    select stored.id, sold.line, sold.product_id, sold.name, sold.price_cents, sold.quantity
    from sold, stored
  )
  select id, amount_cents into strict made from stored;

  if not allocate_inventory(made.id, p_warehouse_id) then
    -- What is short is locked now, so this reading says how much is left.
    refusal := check_demand(p_warehouse_id, p_lines);
    if refusal.success is null then
      refusal := refused_order('SQLITE_BUSY', 'INSUFFICIENT_INVENTORY', 'Not enough of these products is left.');
    end if;
    return refusal;
  end if;

  select balance_cents, currency into strict wallet from wallets where user_id = p_customer_id for update;
  refusal := check_balance(wallet.balance_cents, wallet.currency, made.amount_cents);
  if not refusal.success then
    return refusal;
  end if;
  update wallets set balance_cents = wallet.balance_cents - made.amount_cents where user_id = p_customer_id;
  -- The clock is read under the wallet's lock: a customer's payments are in the order of their times.
  moment := clock_timestamp();
  update orders
  set balance_after_cents = wallet.balance_cents - made.amount_cents,
    paid_at = moment,
    updated_at = moment
  where id = made.id;
  perform store_dispatch(made.id, p_trace_id, moment);

  return row(true, made.id, null, format('Order %s is paid.', made.id), null, null, made.amount_cents)::order_outcome;
end
$$;
