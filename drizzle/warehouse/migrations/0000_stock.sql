-- The warehouse's own store: what lies in it, every change of that, and the answer to every key.
--
-- The shop's tables are elsewhere, and nothing here refers to them: the two speak over HTTP alone. No statement names a
-- schema: a store is a schema, chosen by search_path.

create function refuse_rewriting() returns trigger
language plpgsql
as $$
begin
  raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
create function refuse_removing() returns trigger
language plpgsql
as $$
begin
  raise exception 'rows of % are never removed', tg_table_name using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint

create table products (
  product_id bigint not null,
  name text not null,
  description text not null default '',
  price_cents bigint not null default 0,
  stock_quantity bigint not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint products_one_per_product_id primary key (product_id),
  constraint products_price_never_negative check (price_cents >= 0),
  -- The upper bound is what a number in JSON carries exactly.
  constraint products_stock_never_negative check (stock_quantity between 0 and 9007199254740991)
  -- Every dispatch makes a new version of the row: with room on its page it stays there, and no index has to know.
) with (fillfactor = 50);
--> statement-breakpoint
create trigger products_never_removed before delete or truncate on products
  for each statement execute function refuse_removing();
--> statement-breakpoint

-- Ids of one product are in the order in which its stock changed, because they are given while its row is locked. Between
-- products a smaller id may be committed after a greater one.
create table inventory_updates (
  id bigint primary key generated always as identity,
  product_id bigint not null,
  quantity_change bigint not null,
  previous_stock bigint not null,
  new_stock bigint not null,
  reference text not null,
  idempotency_key text not null,
  trace_id text,
  updated_at timestamptz not null default clock_timestamp(),
  -- A key is one dispatch or one receipt of several products, each of which it changes once.
  constraint inventory_updates_one_per_key_and_product unique (idempotency_key, product_id),
  constraint inventory_updates_add_up check (new_stock = previous_stock + quantity_change),
  constraint inventory_updates_change_something check (quantity_change <> 0),
  constraint inventory_updates_stock_never_negative check (previous_stock >= 0 and new_stock >= 0),
  constraint inventory_updates_of_a_product foreign key (product_id) references products (product_id)
);
--> statement-breakpoint
create index inventory_updates_by_product on inventory_updates (product_id, id);
--> statement-breakpoint
create index inventory_updates_by_reference on inventory_updates (reference, id);
--> statement-breakpoint
create trigger inventory_updates_append_only before update or delete or truncate on inventory_updates
  for each statement execute function refuse_rewriting();
--> statement-breakpoint

-- What was answered under a key, refusals too, written in the transaction that made it true.
create table idempotency_records (
  key text not null,
  fingerprint text not null,
  response_data jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint idempotency_records_one_per_key primary key (key)
);
--> statement-breakpoint
create trigger idempotency_records_append_only before update or delete or truncate on idempotency_records
  for each statement execute function refuse_rewriting();
