-- The purchase as one transaction of a C client: the statements of peers/textbook.ts, prepared.
\set n random(1, :buyers)
begin;
select price_cents, remaining - 1 as remaining, last_position + 1 as position
from items
where id = :item
for update \gset
select balance_cents - :price_cents as balance
from wallets
where user_id = ('00000000-0000-4000-8000-' || lpad(:n::text, 12, '0'))::uuid
for update \gset
insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, amount_cents,
  balance_after_cents, remaining_after, position, decided_at)
values (gen_random_uuid(), ('00000000-0000-4000-8000-' || lpad(:n::text, 12, '0'))::uuid, :item, 1,
  gen_random_uuid(), :price_cents, :balance, :remaining, :position,
  clock_timestamp());
update wallets set balance_cents = :balance
where user_id = ('00000000-0000-4000-8000-' || lpad(:n::text, 12, '0'))::uuid;
update items set remaining = :remaining, last_position = :position, last_sold_at = clock_timestamp(),
  version = version + 1
where id = :item;
commit;
