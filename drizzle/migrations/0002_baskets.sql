-- The catalogue beside the flash sale: products with a price, warehouses with units that can be promised, orders that
-- take them, and the units of a sale taken out of the same inventory.
--
-- Units are counted in one place at a time. A receipt brings them into a warehouse's inventory; from there an order
-- takes them, or an adjustment moves them to an item of a sale and what is left of them back again. So at any moment,
-- for each warehouse and product:
--
--   inventory = received - ordered (and not given back) - adjustments of its items

create function refuse_repricing() returns trigger
language plpgsql
as $$
begin
  raise exception 'what was sold in an order is never changed' using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint

-- Products that exist already were made for an item of a sale: they take its price, and stay out of the catalogue.
alter table products
  add column price_cents bigint,
  add column currency text not null default 'EUR',
  add column available boolean not null default true,
  add column only_in_sales boolean not null default false,
  add column updated_at timestamptz not null default now();
--> statement-breakpoint
update products
set
  price_cents = coalesce(
    (select items.price_cents from items where items.product_id = products.id order by items.id desc limit 1),
    0
  ),
  only_in_sales = true,
  updated_at = created_at;
--> statement-breakpoint
alter table products
  alter column price_cents set not null,
  add constraint products_price_not_negative check (price_cents >= 0);
--> statement-breakpoint
-- The catalogue is read in the order of names, or searched by the beginnings of words.
create index products_of_the_catalogue on products (name, id) where available and not only_in_sales;
--> statement-breakpoint
create index products_by_word on products using gin (to_tsvector('simple', name || ' ' || description));
--> statement-breakpoint

create table warehouses (
  id bigint primary key generated always as identity,
  name text not null,
  created_at timestamptz not null default now(),
  constraint warehouses_one_per_name unique (name),
  constraint warehouses_name_not_empty check (name <> '')
);
--> statement-breakpoint
insert into warehouses (name) select 'Main warehouse' where not exists (select from warehouses);
--> statement-breakpoint

-- Room on each page for the next versions of a row, which many orders may change, and no index covers what changes.
create table inventory (
  warehouse_id bigint not null,
  product_id bigint not null,
  units integer not null default 0,
  updated_at timestamptz not null default now(),
  constraint inventory_one_per_warehouse_and_product primary key (warehouse_id, product_id),
  constraint inventory_in_a_warehouse foreign key (warehouse_id) references warehouses (id),
  constraint inventory_of_a_product foreign key (product_id) references products (id),
  constraint inventory_never_oversold check (units >= 0)
) with (fillfactor = 50);
--> statement-breakpoint
create index inventory_by_product on inventory (product_id);
--> statement-breakpoint

create table receipts (
  id uuid primary key,
  warehouse_id bigint not null,
  product_id bigint not null,
  units integer not null,
  reason text not null,
  actor_id uuid,
  idempotency_key text not null,
  fingerprint text not null,
  received_at timestamptz not null,
  constraint receipts_one_per_key unique (actor_id, idempotency_key),
  constraint receipts_in_a_warehouse foreign key (warehouse_id) references warehouses (id),
  constraint receipts_of_a_product foreign key (product_id) references products (id),
  constraint receipts_by_a_user foreign key (actor_id) references users (id),
  constraint receipts_units_positive check (units > 0)
);
--> statement-breakpoint
create index receipts_by_product on receipts (product_id, warehouse_id);
--> statement-breakpoint

-- Items that exist already: their units count as received by the first warehouse, and all of them are in the items.
alter table items add column warehouse_id bigint;
--> statement-breakpoint
update items set warehouse_id = (select min(id) from warehouses);
--> statement-breakpoint
alter table items
  alter column warehouse_id set not null,
  add constraint items_from_a_warehouse foreign key (warehouse_id) references warehouses (id);
--> statement-breakpoint
insert into receipts (id, warehouse_id, product_id, units, reason, actor_id, idempotency_key, fingerprint, received_at)
select gen_random_uuid(), warehouse_id, product_id, allotted, 'Units of the sale that were there before the inventory was',
  null, 'item:' || id, 'item=' || id, now()
from items
where allotted > 0;
--> statement-breakpoint
insert into inventory (warehouse_id, product_id) select distinct warehouse_id, product_id from items;
--> statement-breakpoint

-- When a sale is over, what was not sold goes back to the inventory, once: this says when it did. It stands on the sale,
-- because no index may cover what a purchase changes.
alter table sales add column leftovers_returned_at timestamptz;
--> statement-breakpoint
create index sales_with_leftovers on sales (ends_at) where leftovers_returned_at is null;
--> statement-breakpoint

-- An order is stored before its inventory and its wallet are locked, and paid under their locks, in one transaction:
-- `paid_at` and `balance_after_cents` are null in between, and never in an order that others can see.
create table orders (
  id bigint primary key generated always as identity,
  customer_id uuid not null,
  warehouse_id bigint not null,
  status text not null default 'pending',
  inventory_updated boolean not null default false,
  error_message text,
  request_id text not null,
  fingerprint text not null,
  amount_cents bigint not null,
  currency text not null default 'EUR',
  balance_after_cents bigint,
  paid_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint orders_one_per_request unique (customer_id, request_id),
  constraint orders_of_a_customer foreign key (customer_id) references users (id),
  constraint orders_from_a_warehouse foreign key (warehouse_id) references warehouses (id),
  constraint orders_status_known check (status in ('pending', 'confirmed', 'rejected', 'refunded')),
  constraint orders_amount_not_negative check (amount_cents >= 0),
  constraint orders_balance_not_negative check (balance_after_cents >= 0),
  constraint orders_paid_with_balance check (num_nulls(paid_at, balance_after_cents) in (0, 2))
) with (fillfactor = 70);
--> statement-breakpoint
create index orders_by_customer on orders (customer_id, id);
--> statement-breakpoint
create index orders_by_time on orders (created_at, id);
--> statement-breakpoint

create table order_items (
  order_id bigint not null,
  line integer not null,
  product_id bigint not null,
  product_name text not null,
  price_cents bigint not null,
  quantity integer not null,
  constraint order_items_one_per_line primary key (order_id, line),
  constraint order_items_of_an_order foreign key (order_id) references orders (id),
  constraint order_items_of_a_product foreign key (product_id) references products (id),
  constraint order_items_line_positive check (line > 0),
  constraint order_items_price_not_negative check (price_cents >= 0),
  constraint order_items_quantity_positive check (quantity > 0)
);
--> statement-breakpoint
create index order_items_by_product on order_items (product_id);
--> statement-breakpoint

create table order_refunds (
  id uuid primary key,
  order_id bigint not null,
  customer_id uuid not null,
  amount_cents bigint not null,
  balance_after_cents bigint not null,
  units_returned boolean not null,
  reason text not null,
  actor_id uuid,
  idempotency_key text not null,
  fingerprint text not null,
  refunded_at timestamptz not null,
  constraint order_refunds_one_per_order unique (order_id),
  constraint order_refunds_one_per_key unique (actor_id, idempotency_key),
  constraint order_refunds_of_an_order foreign key (order_id) references orders (id),
  constraint order_refunds_to_a_customer foreign key (customer_id) references users (id),
  constraint order_refunds_by_a_user foreign key (actor_id) references users (id),
  constraint order_refunds_amount_not_negative check (amount_cents >= 0),
  constraint order_refunds_balance_not_negative check (balance_after_cents >= 0)
);
--> statement-breakpoint
create index order_refunds_by_customer on order_refunds (customer_id);
--> statement-breakpoint

-- An order's number as a UUID, since all movements are named by one: it cannot meet any other, whose version is not 0.
create or replace view movements as
  select id, 'purchase' as kind, user_id, 'wallet' as from_account, 'revenue' as to_account,
    amount_cents, balance_after_cents, item_id, null::text as reason, decided_at as moved_at, null::bigint as order_id
  from purchase_attempts
  where position is not null
  union all
  select id, 'refund', user_id, 'revenue', 'wallet',
    amount_cents, balance_after_cents, item_id, null, refunded_at, null
  from refunds
  union all
  select id, kind, user_id, 'funding', 'wallet',
    amount_cents, balance_after_cents, null, reason, credited_at, null
  from credits
  union all
  select lpad(to_hex(id), 32, '0')::uuid, 'order', customer_id, 'wallet', 'revenue',
    amount_cents, balance_after_cents, null, 'Order ' || id, paid_at, id
  from orders
  where paid_at is not null
  union all
  select id, 'order_refund', customer_id, 'revenue', 'wallet',
    amount_cents, balance_after_cents, null, 'Order ' || order_id, refunded_at, order_id
  from order_refunds;
--> statement-breakpoint

-- What is asked of the audit log, newest first: by whom, what, to what, when, and everything that failed.
create index audit_log_by_actor on audit_log (actor_id, id);
--> statement-breakpoint
create index audit_log_by_action on audit_log (action, id);
--> statement-breakpoint
create index audit_log_by_subject on audit_log (subject, id);
--> statement-breakpoint
create index audit_log_by_time on audit_log (occurred_at, id);
--> statement-breakpoint
create index audit_log_failures on audit_log (id) where outcome = 'failure';
--> statement-breakpoint

create trigger receipts_append_only before update or delete or truncate on receipts
  for each statement execute function refuse_rewriting();
--> statement-breakpoint
create trigger order_items_append_only before update or delete or truncate on order_items
  for each statement execute function refuse_rewriting();
--> statement-breakpoint
create trigger order_refunds_append_only before update or delete or truncate on order_refunds
  for each statement execute function refuse_rewriting();
--> statement-breakpoint
create trigger orders_never_removed before delete or truncate on orders
  for each statement execute function refuse_removing();
--> statement-breakpoint
create trigger orders_paid_for_ever before update on orders
  for each row
  when (
    old.paid_at is not null
    and (old.id, old.customer_id, old.warehouse_id, old.request_id, old.fingerprint, old.amount_cents, old.currency,
        old.balance_after_cents, old.paid_at, old.created_at)
      is distinct from (new.id, new.customer_id, new.warehouse_id, new.request_id, new.fingerprint, new.amount_cents,
        new.currency, new.balance_after_cents, new.paid_at, new.created_at)
  )
  execute function refuse_repricing();
--> statement-breakpoint
create trigger inventory_never_removed before delete or truncate on inventory
  for each statement execute function refuse_removing();
--> statement-breakpoint
create trigger products_never_removed before delete or truncate on products
  for each statement execute function refuse_removing();
