-- Fulfilment: what was sold is dispatched exactly once, by tasks that survive every crash.
--
-- Tasks of orders and receipts are stored in the transaction that makes them necessary. Those of purchases are derived
-- from their positions, which are gapless for each item: a cursor says how far that has come.

create table tasks (
  id bigint primary key generated always as identity,
  -- Letters, digits and signs: found by how they begin, whatever language the database is set to.
  task_id text collate "C" not null,
  kind text not null,
  payload jsonb not null,
  settings jsonb not null default '{}',
  status text not null default 'PENDING',
  priority integer not null default 0,
  due_at timestamptz default clock_timestamp(),
  attempts integer not null default 0,
  attempts_max integer not null default 10,
  backoff_min_ms integer not null default 500,
  backoff_max_ms integer not null default 10000,
  lease_ms integer not null default 15000,
  version bigint not null default 0,
  worker text,
  result jsonb,
  error_message text,
  trace_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  processed_at timestamptz,
  constraint tasks_one_per_task_id unique (task_id),
  constraint tasks_kind_known check (kind in ('dispatch', 'receive', 'simulate')),
  constraint tasks_status_known check (status in ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  constraint tasks_attempts_within_max check (attempts between 0 and attempts_max),
  constraint tasks_backoff_in_order check (0 < backoff_min_ms and backoff_min_ms <= backoff_max_ms),
  constraint tasks_lease_positive check (lease_ms > 0),
  -- Whoever processes has a lease, and nobody else does.
  constraint tasks_leased_while_processing check ((status = 'PROCESSING') = (worker is not null)),
  constraint tasks_due_unless_over check (
    case status
      when 'PENDING' then due_at is not null
      when 'PROCESSING' then due_at is not null
      when 'FAILED' then due_at is null or attempts < attempts_max
      else due_at is null
    end
  )
) with (fillfactor = 60);
--> statement-breakpoint
-- What is not over, and what a worker claims next of a kind: the most urgent, then what has waited longest. By kind, so
-- that those that are paused, however many wait, are not looked through for the others.
create index tasks_open_by_kind on tasks (kind, priority desc, due_at, id) where status not in ('COMPLETED', 'CANCELLED');
--> statement-breakpoint
-- Tasks that nobody works on. One of every status would cost each transition of every task an entry.
create index tasks_set_aside on tasks (status, id) where status in ('FAILED', 'CANCELLED');
--> statement-breakpoint

create table task_log (
  id bigint primary key generated always as identity,
  task bigint not null,
  event text not null,
  attempt integer not null,
  version bigint not null,
  worker text,
  message text,
  at timestamptz not null default clock_timestamp(),
  constraint task_log_event_known check (
    event in ('submitted', 'duplicate', 'claimed', 'completed', 'failed', 'postponed', 'recovered', 'retried', 'cancelled')
  )
);
--> statement-breakpoint
create index task_log_by_task on task_log (task, id);
--> statement-breakpoint
create trigger tasks_never_removed before delete or truncate on tasks
  for each statement execute function refuse_removing();
--> statement-breakpoint
create trigger task_log_append_only before update or delete or truncate on task_log
  for each statement execute function refuse_rewriting();
--> statement-breakpoint

create table dispatch_cursors (
  item_id bigint primary key,
  position bigint not null,
  is_closed boolean not null default false,
  constraint dispatch_cursors_of_an_item foreign key (item_id) references items (id),
  constraint dispatch_cursors_not_negative check (position >= 0)
) with (fillfactor = 50);
--> statement-breakpoint

-- Items of sales that are over, and whose purchases all have their tasks, are never looked at again.
create index dispatch_cursors_open on dispatch_cursors (item_id) where not is_closed;
--> statement-breakpoint
-- Every item has its cursor from the first moment: made while a crowd buys, it would have to wait for the item's lock.
create function give_dispatch_cursor() returns trigger
language plpgsql
set search_path from current
as $$
begin
  insert into dispatch_cursors (item_id, position) select id, 0 from new_items;
  return null;
end
$$;
--> statement-breakpoint
create trigger items_get_a_dispatch_cursor
  after insert on items
  referencing new table as new_items
  for each statement execute function give_dispatch_cursor();
--> statement-breakpoint
insert into dispatch_cursors (item_id, position) select id, 0 from items;
--> statement-breakpoint

create table breaker_transitions (
  id bigint primary key generated always as identity,
  instance text not null,
  from_state text not null,
  to_state text not null,
  reason text,
  at timestamptz not null default clock_timestamp(),
  constraint breaker_transitions_states_known check (
    from_state in ('closed', 'half-open', 'open') and to_state in ('closed', 'half-open', 'open')
  )
);
--> statement-breakpoint
create index breaker_transitions_by_instance on breaker_transitions (instance, id);
--> statement-breakpoint

create table chaos_faults (
  id bigint primary key generated always as identity,
  run_id bigint not null,
  fault text not null,
  settings jsonb not null,
  started_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null,
  is_stopped boolean not null default false,
  constraint chaos_faults_known check (fault in ('latency', 'errors', 'refuse', 'crash')),
  constraint chaos_faults_end check (ends_at >= started_at)
);
--> statement-breakpoint
create index chaos_faults_by_run on chaos_faults (run_id, id);
--> statement-breakpoint

-- A refund gives units back only if their dispatch had not begun; the system itself refunds what the warehouse refuses.
alter table refunds
  add column units_returned boolean not null default true,
  add column reason text,
  alter column actor_id drop not null;
--> statement-breakpoint
-- Units that come into the inventory and never left the warehouse need no goods in.
alter table receipts add column on_hand_already boolean not null default false;
--> statement-breakpoint

-- Every receipt becomes a task that brings its units to the warehouse, whoever writes it.
create function receive_what_was_receipted() returns trigger
language plpgsql
set search_path from current
as $$
begin
  with made as (
    insert into tasks (task_id, kind, payload, priority, attempts_max, trace_id)
    select
      'receipt-' || new_receipts.id,
      'receive',
      jsonb_build_object(
        'reference', 'receipt-' || new_receipts.id,
        'lines', jsonb_build_array(jsonb_build_object(
          'productId', products.id,
          'quantity', new_receipts.units,
          'name', products.name,
          'description', products.description,
          'priceCents', products.price_cents
        ))
      ),
      -- Before what is to be dispatched out of it.
      10,
      -- More than a day of attempts: an outage of the warehouse is waited for, however long.
      10000,
      replace(new_receipts.id::text, '-', '')
    from new_receipts
    join products on products.id = new_receipts.product_id
    where not new_receipts.on_hand_already
    order by new_receipts.received_at, new_receipts.id
    returning id
  )
  insert into task_log (task, event, attempt, version) select id, 'submitted', 0, 0 from made order by id;
  return null;
end
$$;
--> statement-breakpoint
create trigger receipts_are_received
  after insert on receipts
  referencing new table as new_receipts
  for each statement execute function receive_what_was_receipted();
--> statement-breakpoint

-- What was received and ordered before there were tasks.
with made as (
  insert into tasks (task_id, kind, payload, priority, attempts_max, trace_id)
  select
    'receipt-' || receipts.id,
    'receive',
    jsonb_build_object(
      'reference', 'receipt-' || receipts.id,
      'lines', jsonb_build_array(jsonb_build_object(
        'productId', products.id,
        'quantity', receipts.units,
        'name', products.name,
        'description', products.description,
        'priceCents', products.price_cents
      ))
    ),
    10,
    10000,
    replace(receipts.id::text, '-', '')
  from receipts
  join products on products.id = receipts.product_id
  order by receipts.received_at, receipts.id
  returning id
)
insert into task_log (task, event, attempt, version) select id, 'submitted', 0, 0 from made order by id;
--> statement-breakpoint
with made as (
  insert into tasks (task_id, kind, payload, status, due_at, version, attempts_max, trace_id)
  select
    'order-' || orders.id,
    'dispatch',
    jsonb_build_object(
      'reference', 'order-' || orders.id,
      'orderId', orders.id,
      'lines', (
        select jsonb_agg(jsonb_build_object('productId', product_id, 'quantity', quantity) order by line)
        from order_items
        where order_items.order_id = orders.id
      )
    ),
    -- What was given back took its units back too: nothing was on its way yet.
    case when orders.status = 'pending' then 'PENDING' else 'CANCELLED' end,
    case when orders.status = 'pending' then clock_timestamp() end,
    case when orders.status = 'pending' then 0 else 1 end,
    10000,
    md5('order-' || orders.id)
  from orders
  order by orders.id
  returning id, status
)
insert into task_log (task, event, attempt, version, message)
select made.id, step.event, 0, step.version, step.message
from made
cross join (
  values ('submitted', 0, null), ('cancelled', 1, 'It was given back before there were tasks.')
) as step (event, version, message)
where step.event = 'submitted' or made.status = 'CANCELLED'
order by made.id, step.version;
