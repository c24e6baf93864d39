-- The same purchase in one statement, which is a transaction by itself: one round trip. Each part reads what the part
-- before it locked.
\set n random(1, :buyers)
with item as materialized (
  select id, price_cents, remaining - 1 as remaining, last_position + 1 as position
  from items
  where id = :item
  for update
), wallet as materialized (
  select wallets.user_id, wallets.balance_cents - (select price_cents from item) as balance
  from wallets
  where wallets.user_id = ('00000000-0000-4000-8000-' || lpad(:n::text, 12, '0'))::uuid
    and exists (select from item)
  for update
), attempt as (
  insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, amount_cents,
    balance_after_cents, remaining_after, position, decided_at)
  select gen_random_uuid(), wallet.user_id, item.id, 1, gen_random_uuid(),
    item.price_cents, wallet.balance, item.remaining, item.position, clock_timestamp()
  from item
  cross join wallet
), paid as (
  update wallets set balance_cents = wallet.balance from wallet where wallets.user_id = wallet.user_id
)
update items set remaining = item.remaining, last_position = item.position, last_sold_at = clock_timestamp(),
  version = version + 1
from item
where items.id = item.id;
