-- What was recorded is sealed afterwards, so that a row that somebody with every right changed, removed or slipped in is found.
-- The index on attempts is built in one pass over them, a second for some ten millions, in which purchases wait.
CREATE TABLE "chain_ends" (
	"source" text PRIMARY KEY NOT NULL,
	"sealed_until" timestamp with time zone DEFAULT '-infinity' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain_sets" (
	"chain" text NOT NULL,
	"number" bigint NOT NULL,
	"source" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"count" integer NOT NULL,
	"members" "bytea" NOT NULL,
	"head" "bytea" NOT NULL,
	"sealed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "chain_sets_one_per_number" PRIMARY KEY("chain","number"),
	CONSTRAINT "chain_sets_number_positive" CHECK (number > 0),
	CONSTRAINT "chain_sets_name_each_row" CHECK (count > 0 and octet_length(members) = 24 * count),
	CONSTRAINT "chain_sets_head_is_sha256" CHECK (octet_length(head) = 32)
);
--> statement-breakpoint
ALTER TABLE "chain_sets" ADD CONSTRAINT "chain_sets_of_a_source" FOREIGN KEY ("source") REFERENCES "chain_ends"("source") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chain_sets_by_time" ON "chain_sets" USING btree ("source","until","chain");--> statement-breakpoint
CREATE INDEX "purchase_attempts_by_time" ON "purchase_attempts" USING brin ("decided_at") WITH (autosummarize=on);--> statement-breakpoint

-- The tables of records that the chain covers: docs/chain.md.
insert into chain_ends (source)
values ('purchase_attempts'), ('refunds'), ('orders'), ('order_refunds'), ('credits'), ('stock_adjustments'), ('receipts'),
  ('audit_log');
--> statement-breakpoint
create trigger chain_sets_append_only before update or delete on chain_sets
  for each row execute function refuse_rewriting();
--> statement-breakpoint
create trigger chain_sets_never_emptied before truncate on chain_sets
  for each statement execute function refuse_rewriting();
--> statement-breakpoint
create trigger chain_ends_never_removed before delete on chain_ends
  for each row execute function refuse_removing();
--> statement-breakpoint
create trigger chain_ends_never_emptied before truncate on chain_ends
  for each statement execute function refuse_removing();
