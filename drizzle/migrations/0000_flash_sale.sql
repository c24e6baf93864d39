-- The flash sale: who may buy, what is for sale, and every cent and unit that moves.
--
-- No statement names a schema: a store is a schema, chosen by search_path. Each constraint and index is named for
-- what it guarantees. Records of money are append-only, and the database itself refuses to rewrite them.

create function refuse_rewriting() returns trigger
language plpgsql
as $$
begin
  raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint

create table users (
  id uuid primary key,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  role text not null default 'buyer',
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_one_per_email unique (email),
  constraint users_email_is_lower_case check (email = lower(email)),
  constraint users_role_known check (role in ('buyer', 'operator'))
);
--> statement-breakpoint

create table sessions (
  id uuid primary key,
  user_id uuid not null,
  token text not null,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint sessions_one_per_token unique (token),
  constraint sessions_of_a_user foreign key (user_id) references users (id) on delete cascade
);
--> statement-breakpoint
create index sessions_by_user on sessions (user_id);
--> statement-breakpoint

create table accounts (
  id uuid primary key,
  user_id uuid not null,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint accounts_one_per_provider unique (provider_id, account_id),
  constraint accounts_of_a_user foreign key (user_id) references users (id) on delete cascade
);
--> statement-breakpoint
create index accounts_by_user on accounts (user_id);
--> statement-breakpoint

create table verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint
create index verifications_by_identifier on verifications (identifier);
--> statement-breakpoint

-- Room on each page for the next versions of a row, so that an update of a balance stays on its page (HOT).
create table wallets (
  user_id uuid primary key,
  balance_cents bigint not null default 0,
  currency text not null default 'EUR',
  constraint wallets_of_a_user foreign key (user_id) references users (id),
  constraint wallets_balance_not_negative check (balance_cents >= 0)
) with (fillfactor = 80);
--> statement-breakpoint

-- Every user has a wallet from the first moment, whoever made the user.
create function give_wallet() returns trigger
language plpgsql
as $$
begin
  insert into wallets (user_id) select id from new_users;
  return null;
end
$$;
--> statement-breakpoint
create trigger users_get_a_wallet
  after insert on users
  referencing new table as new_users
  for each statement execute function give_wallet();
--> statement-breakpoint

create table products (
  id bigint primary key generated always as identity,
  name text not null,
  description text not null default '',
  image_url text,
  created_at timestamptz not null default now(),
  constraint products_name_not_empty check (name <> '')
);
--> statement-breakpoint

create table sales (
  id bigint primary key generated always as identity,
  name text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  paused_at timestamptz,
  cancelled_at timestamptz,
  currency text not null default 'EUR',
  version bigint not null default 0,
  created_at timestamptz not null default now(),
  constraint sales_name_not_empty check (name <> ''),
  constraint sales_end_after_start check (ends_at > starts_at)
);
--> statement-breakpoint
create index sales_by_start on sales (starts_at, id);
--> statement-breakpoint

create table sale_pauses (
  id bigint primary key generated always as identity,
  sale_id bigint not null,
  paused_at timestamptz not null,
  resumed_at timestamptz,
  constraint sale_pauses_of_a_sale foreign key (sale_id) references sales (id),
  constraint sale_pauses_resumed_after_paused check (resumed_at >= paused_at)
);
--> statement-breakpoint
create unique index sale_pauses_one_open on sale_pauses (sale_id) where resumed_at is null;
--> statement-breakpoint
create index sale_pauses_by_sale on sale_pauses (sale_id);
--> statement-breakpoint

-- The hot row of a sale: half of each page stays free for its next versions, and no index covers what changes.
create table items (
  id bigint primary key generated always as identity,
  sale_id bigint not null,
  product_id bigint not null,
  ordinal integer not null,
  name text not null,
  description text not null default '',
  image_url text,
  price_cents bigint not null,
  allotted integer not null,
  remaining integer not null,
  limit_per_customer integer,
  last_position bigint not null default 0,
  last_sold_at timestamptz,
  version bigint not null default 0,
  constraint items_of_a_sale foreign key (sale_id) references sales (id),
  constraint items_of_a_product foreign key (product_id) references products (id),
  constraint items_one_per_place unique (sale_id, ordinal),
  constraint items_name_not_empty check (name <> ''),
  constraint items_price_positive check (price_cents > 0),
  constraint items_never_oversold check (remaining >= 0),
  constraint items_remaining_within_allotted check (remaining <= allotted),
  constraint items_limit_positive check (limit_per_customer > 0)
) with (fillfactor = 50);
--> statement-breakpoint

create table stock_adjustments (
  id uuid primary key,
  item_id bigint not null,
  change integer not null,
  allotted_after integer not null,
  remaining_after integer not null,
  reason text not null,
  actor_id uuid,
  idempotency_key text not null,
  fingerprint text not null,
  adjusted_at timestamptz not null,
  constraint stock_adjustments_of_an_item foreign key (item_id) references items (id),
  constraint stock_adjustments_by_a_user foreign key (actor_id) references users (id),
  constraint stock_adjustments_one_per_key unique (actor_id, idempotency_key),
  constraint stock_adjustments_remaining_not_negative check (remaining_after >= 0)
);
--> statement-breakpoint
create index stock_adjustments_by_item on stock_adjustments (item_id);
--> statement-breakpoint

create table purchase_attempts (
  id uuid primary key,
  user_id uuid not null,
  item_id bigint not null,
  quantity integer not null,
  idempotency_key text not null,
  fingerprint text not null,
  refusal_code text,
  refusal_message text,
  amount_cents bigint,
  balance_after_cents bigint,
  remaining_after integer,
  position bigint,
  decided_at timestamptz not null,
  constraint purchase_attempts_one_per_key unique (user_id, idempotency_key),
  constraint purchase_attempts_of_a_user foreign key (user_id) references users (id),
  constraint purchase_attempts_of_an_item foreign key (item_id) references items (id),
  constraint purchase_attempts_quantity_positive check (quantity > 0),
  constraint purchase_attempts_bought_or_refused check (
    case when refusal_code is null
      then refusal_message is null and amount_cents > 0 and balance_after_cents >= 0
        and remaining_after >= 0 and position > 0
      else refusal_message is not null
        and num_nonnulls(amount_cents, balance_after_cents, remaining_after, position) = 0
    end
  )
);
--> statement-breakpoint
create unique index purchase_attempts_position_once on purchase_attempts (item_id, position) where position is not null;
--> statement-breakpoint
-- A buyer's purchases: for their own list, and counted against the limit per customer.
create index purchase_attempts_bought_by_user on purchase_attempts (user_id, id) where position is not null;
--> statement-breakpoint

create table refunds (
  id uuid primary key,
  purchase_id uuid not null,
  user_id uuid not null,
  item_id bigint not null,
  quantity integer not null,
  amount_cents bigint not null,
  balance_after_cents bigint not null,
  remaining_after integer not null,
  actor_id uuid not null,
  idempotency_key text not null,
  fingerprint text not null,
  refunded_at timestamptz not null,
  constraint refunds_one_per_purchase unique (purchase_id),
  constraint refunds_one_per_key unique (actor_id, idempotency_key),
  constraint refunds_of_a_purchase foreign key (purchase_id) references purchase_attempts (id),
  constraint refunds_to_a_user foreign key (user_id) references users (id),
  constraint refunds_by_a_user foreign key (actor_id) references users (id),
  constraint refunds_of_an_item foreign key (item_id) references items (id),
  constraint refunds_quantity_positive check (quantity > 0),
  constraint refunds_amount_positive check (amount_cents > 0),
  constraint refunds_balance_not_negative check (balance_after_cents >= 0)
);
--> statement-breakpoint
create index refunds_by_user on refunds (user_id);
--> statement-breakpoint
create index refunds_by_item on refunds (item_id);
--> statement-breakpoint

create table credits (
  id uuid primary key,
  user_id uuid not null,
  kind text not null,
  amount_cents bigint not null,
  balance_after_cents bigint not null,
  reason text not null,
  actor_id uuid,
  idempotency_key text not null,
  fingerprint text not null,
  credited_at timestamptz not null,
  constraint credits_one_per_key unique (actor_id, idempotency_key),
  constraint credits_to_a_user foreign key (user_id) references users (id),
  constraint credits_by_a_user foreign key (actor_id) references users (id),
  constraint credits_kind_known check (kind in ('opening', 'top_up', 'credit')),
  constraint credits_amount_positive check (amount_cents > 0),
  constraint credits_balance_not_negative check (balance_after_cents >= 0)
);
--> statement-breakpoint
create unique index credits_one_opening on credits (user_id) where kind = 'opening';
--> statement-breakpoint
create index credits_by_user on credits (user_id);
--> statement-breakpoint

create view movements as
  select id, 'purchase' as kind, user_id, 'wallet' as from_account, 'revenue' as to_account,
    amount_cents, balance_after_cents, item_id, null::text as reason, decided_at as moved_at
  from purchase_attempts
  where position is not null
  union all
  select id, 'refund', user_id, 'revenue', 'wallet',
    amount_cents, balance_after_cents, item_id, null, refunded_at
  from refunds
  union all
  select id, kind, user_id, 'funding', 'wallet',
    amount_cents, balance_after_cents, null, reason, credited_at
  from credits;
--> statement-breakpoint

create table audit_log (
  id bigint primary key generated always as identity,
  occurred_at timestamptz not null,
  actor_id uuid,
  action text not null,
  subject text not null,
  outcome text not null,
  details jsonb not null default '{}',
  constraint audit_log_outcome_known check (outcome in ('success', 'failure'))
);
--> statement-breakpoint

create trigger purchase_attempts_append_only before update or delete or truncate on purchase_attempts
  for each statement execute function refuse_rewriting();
--> statement-breakpoint
create trigger refunds_append_only before update or delete or truncate on refunds
  for each statement execute function refuse_rewriting();
--> statement-breakpoint
create trigger credits_append_only before update or delete or truncate on credits
  for each statement execute function refuse_rewriting();
--> statement-breakpoint
create trigger stock_adjustments_append_only before update or delete or truncate on stock_adjustments
  for each statement execute function refuse_rewriting();
--> statement-breakpoint
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_rewriting();
