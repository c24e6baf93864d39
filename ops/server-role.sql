-- What the server's own database user may do, where another user (the owner of the store) runs the migrations. It can
-- neither change the schema nor rewrite records of money.
--
--   psql "$OWNER_URL" -c "create role doorbuster_server login password '…'"
--   DATABASE_URL="$OWNER_URL" npm run cli -- migrate
--
-- Migrations run this by themselves where that user is there. The store is the first schema of the search_path.

do $$
declare
  store constant text := quote_ident(current_schema());
begin
  execute format('grant usage on schema %s to doorbuster_server', store);
  execute format('grant select on all tables in schema %s to doorbuster_server', store);
end
$$;

grant insert, update, delete on sessions, accounts, verifications to doorbuster_server;

-- Who is let into a sale: codes are counted and removed, admissions stay.
grant insert, update on access_codes to doorbuster_server;
grant insert on sale_admissions to doorbuster_server;

-- Pictures are never changed: they are kept by whoever has seen them.
grant insert on pictures to doorbuster_server;

-- What was found when somebody looked, and how far they have come: no records of what was sold or paid.
grant insert, update, delete on proof_runs to doorbuster_server;
grant insert, delete on reconcile_runs, breaker_transitions to doorbuster_server;
grant insert, update on reconcile_marks, attempt_seconds to doorbuster_server;
grant update on reconcile_turns, attempt_seconds_mark, chain_ends to doorbuster_server;

-- What rehearsals said; their stores are the owner's.
grant insert, update, delete on rehearsals to doorbuster_server;

grant insert, update on users, api_keys, wallets, products, warehouses, inventory, sales, sale_pauses, items, orders, tasks,
  dispatch_cursors, chaos_faults to doorbuster_server;

-- How products are shown together: neither money nor stock.
grant insert, update, delete on families, variants to doorbuster_server;

grant insert on purchase_attempts, refunds, credits, receipts, stock_adjustments, order_items, order_refunds, task_log,
  audit_log, chain_sets to doorbuster_server;
