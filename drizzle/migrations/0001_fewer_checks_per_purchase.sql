-- A purchase pays for every check that is made row by row while its item is locked. Two foreign keys cost as much as half
-- of all the rest, because each looks its row up and locks it anew. The transaction that inserts an attempt has locked the
-- item and read the customer just before; what the keys guarded besides is guarded here from the other side: whom or what
-- an attempt names can never be removed. `reconcile` looks for attempts that name nobody or nothing.
alter table purchase_attempts drop constraint purchase_attempts_of_a_user;
--> statement-breakpoint
alter table purchase_attempts drop constraint purchase_attempts_of_an_item;
--> statement-breakpoint

create function refuse_removing() returns trigger
language plpgsql
as $$
begin
  raise exception 'rows of % are never removed', tg_table_name using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
create trigger users_never_removed before delete or truncate on users
  for each statement execute function refuse_removing();
--> statement-breakpoint
create trigger wallets_never_removed before delete or truncate on wallets
  for each statement execute function refuse_removing();
--> statement-breakpoint
create trigger items_never_removed before delete or truncate on items
  for each statement execute function refuse_removing();
--> statement-breakpoint

-- A purchase makes two new versions of its wallet's row, a lock and a balance: with more room on the page they stay there,
-- and cleaning up after them is rarer.
alter table wallets set (fillfactor = 50);
