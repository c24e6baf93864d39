-- Gives an order's units and money back, once: locks the order, its task, its inventory in the order of products, then the
-- wallet. Units go back only if they are certainly still in the warehouse: when the dispatch has not begun, and is cancelled
-- with this, or when the warehouse itself has refused it for good (`p_is_undispatchable`), whose task ends with that answer.
create or replace function give_back_order(
  p_order_id bigint,
  p_actor_id uuid,
  p_reason text,
  p_request_id text,
  p_is_undispatchable boolean
)
returns order_outcome
language plpgsql
set search_path from current
as $$
declare
  -- What a JavaScript number carries exactly: nothing larger may stand in a wallet.
  balance_cents_max constant bigint := 9007199254740991;
  given_back record;
  wallet record;
  earlier record;
  is_in_warehouse boolean;
  moment timestamptz;
begin
  if p_order_id is null or p_reason is null or p_reason !~ '[^[:space:]]' or p_request_id is null or p_request_id !~ '[^[:space:]]'
    or length(p_request_id) > 255
  then
    return refused_order('SQLITE_MISMATCH', 'INVALID_INPUT',
      'An order, a reason and a request id of at most 255 characters are needed.');
  end if;

  select * into given_back from orders where id = p_order_id for update;

  -- The system's own requests (no actor) belong to their order alone.
  select order_id, reason into earlier
  from order_refunds
  where idempotency_key = p_request_id
    and (actor_id = p_actor_id or (p_actor_id is null and actor_id is null and order_id = p_order_id));
  if earlier.order_id = p_order_id and (earlier.reason = p_reason or p_actor_id is null) then
    return refused_order('SQLITE_CONSTRAINT', 'DUPLICATE_REQUEST',
      format('This request was already answered: order %s was given back.', p_order_id), p_order_id);
  elsif earlier.order_id is not null then
    return refused_order('SQLITE_CONSTRAINT', 'REQUEST_ID_REUSED',
      'This request id already stands for another order or another reason.');
  end if;

  if given_back.id is null then
    return refused_order('SQLITE_NOTFOUND', 'ORDER_NOT_FOUND', format('There is no order %s.', p_order_id));
  end if;
  if given_back.status in ('rejected', 'refunded') then
    return refused_order('SQLITE_CONSTRAINT', 'ALREADY_REFUNDED',
      format('Order %s was already given back.', p_order_id), p_order_id);
  end if;

  if p_is_undispatchable then
    perform from tasks where task_id = 'order-' || p_order_id for update;
    is_in_warehouse := true;
  else
    is_in_warehouse := cancel_dispatch('order-' || p_order_id, p_reason);
  end if;
  if is_in_warehouse then
    perform return_inventory(p_order_id);
  end if;

  select balance_cents into strict wallet from wallets where user_id = given_back.customer_id for update;
  if wallet.balance_cents > balance_cents_max - given_back.amount_cents then
    return refused_order('SQLITE_CONSTRAINT', 'WALLET_FULL', 'The wallet cannot hold that much.', p_order_id);
  end if;
  moment := clock_timestamp();
  update wallets
  set balance_cents = wallet.balance_cents + given_back.amount_cents
  where user_id = given_back.customer_id;

  insert into order_refunds (id, order_id, customer_id, amount_cents, balance_after_cents, units_returned, reason,
    actor_id, idempotency_key, fingerprint, refunded_at)
  values (gen_random_uuid(), p_order_id, given_back.customer_id, given_back.amount_cents,
    wallet.balance_cents + given_back.amount_cents, is_in_warehouse, p_reason,
    p_actor_id, p_request_id, format('order=%s', p_order_id), moment);
  update orders
  set
    status = case when p_actor_id is null then 'rejected' else 'refunded' end,
    error_message = case when p_actor_id is null then p_reason end,
    -- Units that only the warehouse knows of stay taken.
    inventory_updated = given_back.inventory_updated and not is_in_warehouse,
    updated_at = moment
  where id = p_order_id;

  return row(true, p_order_id, null, format('Order %s was given back.', p_order_id), null, null, given_back.amount_cents)
    ::order_outcome;
end
$$;
