-- Reconciliation that runs by itself: what it found, how far it has come, and whose turn it is.
--
-- What was checked once is not read again: a run costs what is new since the one before, however much was ever sold. These
-- tables say what somebody looked at, not what was sold or paid, so they are changed and old runs are removed.

create table reconcile_runs (
  id bigint primary key generated always as identity,
  scope text not null,
  -- By the clock of the database, when the run read its snapshot.
  started_at timestamptz not null,
  seconds double precision not null,
  ok boolean not null,
  checks jsonb not null,
  constraint reconcile_runs_scope_known check (scope in ('full', 'new')),
  constraint reconcile_runs_seconds_not_negative check (seconds >= 0)
);
--> statement-breakpoint
create index reconcile_runs_by_scope on reconcile_runs (scope, started_at);
--> statement-breakpoint
create index reconcile_runs_broken on reconcile_runs (started_at) where not ok;
--> statement-breakpoint

create table reconcile_marks (
  item_id bigint primary key,
  -- Purchases up to this position were checked, and sold so many units.
  position bigint not null default 0,
  units_sold bigint not null default 0,
  -- Of purchases up to this position the tasks were checked.
  tasks_position bigint not null default 0,
  -- As they stood when the item's stock was last checked.
  allotted integer,
  remaining integer,
  -- Nothing will be sold of it any more, and all that was has been checked.
  is_settled boolean not null default false,
  constraint reconcile_marks_of_an_item foreign key (item_id) references items (id),
  constraint reconcile_marks_not_negative check (position >= 0 and units_sold >= 0 and tasks_position >= 0)
) with (fillfactor = 50);
--> statement-breakpoint
create index reconcile_marks_unsettled on reconcile_marks (item_id) where not is_settled;
--> statement-breakpoint
-- Every item has its mark from the first moment, so that none has to be looked for.
create function give_reconcile_mark() returns trigger
language plpgsql
set search_path from current
as $$
begin
  insert into reconcile_marks (item_id) select id from new_items;
  return null;
end
$$;
--> statement-breakpoint
create trigger items_get_a_reconcile_mark
  after insert on items
  referencing new table as new_items
  for each statement execute function give_reconcile_mark();
--> statement-breakpoint
insert into reconcile_marks (item_id) select id from items;
--> statement-breakpoint

-- One row: whichever worker moves `due_at` forward has the next run, and nobody else.
create table reconcile_turns (
  is_only boolean primary key default true,
  due_at timestamptz not null default clock_timestamp(),
  -- Rises with every turn: a run that took too long finds that it is another's by now.
  turn bigint not null default 0,
  -- Rows of what has no positions (credits, refunds, orders, …) were looked at up to this time.
  covered_until timestamptz not null default '-infinity',
  constraint reconcile_turns_one_row check (is_only)
) with (fillfactor = 50);
--> statement-breakpoint
insert into reconcile_turns default values;
--> statement-breakpoint

-- What came last, for what is new. Purchases need none, and get none: they have positions.
create index credits_by_time on credits (credited_at);
--> statement-breakpoint
create index refunds_by_time on refunds (refunded_at);
--> statement-breakpoint
create index order_refunds_by_time on order_refunds (refunded_at);
--> statement-breakpoint
create index stock_adjustments_by_time on stock_adjustments (adjusted_at);
--> statement-breakpoint
create index receipts_by_time on receipts (received_at);
