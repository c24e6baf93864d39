-- The warehouse's own store as version 0.1.0 has it; see the shop's baseline in `drizzle/migrations` for how it is made.

CREATE TABLE "idempotency_records" (
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"response_data" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "idempotency_records_one_per_key" PRIMARY KEY("key")
);
--> statement-breakpoint
CREATE TABLE "inventory_updates" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "inventory_updates_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"product_id" bigint NOT NULL,
	"quantity_change" bigint NOT NULL,
	"previous_stock" bigint NOT NULL,
	"new_stock" bigint NOT NULL,
	"reference" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"trace_id" text,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "inventory_updates_one_per_key_and_product" UNIQUE("idempotency_key","product_id"),
	CONSTRAINT "inventory_updates_add_up" CHECK (new_stock = previous_stock + quantity_change),
	CONSTRAINT "inventory_updates_change_something" CHECK (quantity_change <> 0),
	CONSTRAINT "inventory_updates_stock_never_negative" CHECK (previous_stock >= 0 and new_stock >= 0)
);
--> statement-breakpoint
CREATE TABLE "products" (
	"product_id" bigint NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"price_cents" bigint DEFAULT 0 NOT NULL,
	"stock_quantity" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "products_one_per_product_id" PRIMARY KEY("product_id"),
	CONSTRAINT "products_price_never_negative" CHECK (price_cents >= 0),
	CONSTRAINT "products_stock_never_negative" CHECK (stock_quantity between 0 and 9007199254740991)
);
--> statement-breakpoint
ALTER TABLE "inventory_updates" ADD CONSTRAINT "inventory_updates_of_a_product" FOREIGN KEY ("product_id") REFERENCES "products"("product_id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "inventory_updates_by_product" ON "inventory_updates" USING btree ("product_id","id");
--> statement-breakpoint
CREATE INDEX "inventory_updates_by_reference" ON "inventory_updates" USING btree ("reference","id");
--> statement-breakpoint

-- Every dispatch makes a new version of the row: with room on its page it stays there, and no index has to know.
alter table products set (fillfactor = 50);
--> statement-breakpoint

-- Guards are row by row: a trigger of a statement exists on no shard of a distributed table, without a word. Only
-- TRUNCATE has no rows.
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
create trigger products_never_removed before delete on products
  for each row execute function refuse_removing();
--> statement-breakpoint
create trigger products_never_emptied before truncate on products
  for each statement execute function refuse_removing();
--> statement-breakpoint
create trigger inventory_updates_append_only before update or delete on inventory_updates
  for each row execute function refuse_rewriting();
--> statement-breakpoint
create trigger inventory_updates_never_emptied before truncate on inventory_updates
  for each statement execute function refuse_rewriting();
--> statement-breakpoint
create trigger idempotency_records_append_only before update or delete on idempotency_records
  for each row execute function refuse_rewriting();
--> statement-breakpoint
create trigger idempotency_records_never_emptied before truncate on idempotency_records
  for each statement execute function refuse_rewriting();
