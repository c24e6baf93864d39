-- The store as version 0.1.0 has it.
--
-- Tables, keys, checks, indexes and the view are as drizzle-kit writes them from `drizzle/schema`, where the reasons for
-- them stand; what it cannot say is at both ends of this file. No statement names a schema: a store is a schema, chosen by
-- search_path. Each constraint and index is named for what it guarantees.

-- What a search compares: the words of a text, as whoever searches may have typed them. Small letters without accents, each
-- script's own ("Café", also where the accent is a character of its own, is cafe; "Straße" strasse; "İ" i), apart at
-- whatever is neither letter nor digit ("RTX-4090" is rtx and 4090), but for the point or comma within a number. Where a
-- script puts no spaces between words (Chinese, Japanese), each character is a word, as each pictograph is.
--
-- It does the same on every server: no dictionary, no extension, and of the locale only what is a capital letter. Products
-- keep what it said of them, so that a change of it has to be a migration that computes them anew.
create function search_words(p_text text)
returns text[]
language plpgsql
immutable
strict
parallel safe
-- In the session of whoever writes a product a backslash may begin an escape.
set standard_conforming_strings to on
as $$
declare
  -- Without accents, and without what is not seen and parts no words: soft hyphens, joiners, spaces of no width.
  plain text := lower(regexp_replace(normalize(p_text, nfkd), '[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]', '', 'g'));
begin
  -- Letters that Unicode does not take apart, and the sigma that ends a word.
  plain := replace(replace(replace(translate(plain, 'ıøđłħŧðς', 'iodlhtdσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');
  plain := regexp_replace(
    normalize(plain, nfc),
    '([\u2600-\u27bf\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U0001f000-\U0001faff\U00020000-\U0003ffff])',
    ' \1 ',
    'g'
  );
  plain := regexp_replace(plain, '([0-9]),(?=[0-9])', '\1.', 'g');
  plain := regexp_replace(plain, '(?<![0-9])[.]|[.](?![0-9])', ' ', 'g');
  return array(
    -- No index takes words of any length, and nobody types so many letters.
    select left(word, 64)
    from regexp_split_to_table(
      plain,
      '[\u0001-\u002d\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u02ff\u2000-\u25ff\u2800-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u303f\ufe00-\ufe0f]+'
    ) with ordinality as parts (word, place)
    where word <> ''
    group by left(word, 64)
    order by min(place)
  );
end
$$;
--> statement-breakpoint

CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"known_networks" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_one_per_provider" UNIQUE("provider_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_one_per_token" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"role" text DEFAULT 'buyer' NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_one_per_email" UNIQUE("email"),
	CONSTRAINT "users_email_is_lower_case" CHECK (email = lower(email)),
	CONSTRAINT "users_role_known" CHECK (role in ('buyer', 'operator'))
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"occurred_at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"outcome" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "audit_log_actor_known" CHECK (actor_kind in ('person', 'system', 'cli')),
	CONSTRAINT "audit_log_only_persons_have_ids" CHECK (actor_kind = 'person' or actor_id is null),
	CONSTRAINT "audit_log_outcome_known" CHECK (outcome in ('success', 'failure'))
);
--> statement-breakpoint
CREATE TABLE "inventory" (
	"warehouse_id" bigint NOT NULL,
	"product_id" bigint NOT NULL,
	"units" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inventory_one_per_warehouse_and_product" PRIMARY KEY("warehouse_id","product_id"),
	CONSTRAINT "inventory_never_oversold" CHECK (units >= 0)
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "products_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"image_url" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"price_cents" bigint NOT NULL,
	"currency" text DEFAULT 'EUR' NOT NULL,
	"available" boolean DEFAULT true NOT NULL,
	"only_in_sales" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"edits" bigint DEFAULT 0 NOT NULL,
	"words" "tsvector" GENERATED ALWAYS AS (array_to_tsvector(search_words(name || ' ' || description || ' ' || regexp_replace(name || ' ' || description, '[-''’ʼ‐‑]', '', 'g')))) STORED NOT NULL,
	CONSTRAINT "products_name_not_empty" CHECK (name <> ''),
	CONSTRAINT "products_price_not_negative" CHECK (price_cents >= 0)
);
--> statement-breakpoint
CREATE TABLE "receipts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"warehouse_id" bigint NOT NULL,
	"product_id" bigint NOT NULL,
	"units" integer NOT NULL,
	"units_after" integer,
	"reason" text NOT NULL,
	"actor_id" uuid,
	"idempotency_key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"on_hand_already" boolean DEFAULT false NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "receipts_one_per_key" UNIQUE("actor_id","idempotency_key"),
	CONSTRAINT "receipts_units_positive" CHECK (units > 0),
	CONSTRAINT "receipts_counted_in" CHECK (units_after >= units)
);
--> statement-breakpoint
CREATE TABLE "warehouses" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "warehouses_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "warehouses_one_per_name" UNIQUE("name"),
	CONSTRAINT "warehouses_name_not_empty" CHECK (name <> '')
);
--> statement-breakpoint
CREATE TABLE "breaker_transitions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "breaker_transitions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"instance" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"reason" text,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "breaker_transitions_states_known" CHECK (from_state in ('closed', 'half-open', 'open') and to_state in ('closed', 'half-open', 'open'))
);
--> statement-breakpoint
CREATE TABLE "chaos_faults" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "chaos_faults_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"run_id" bigint NOT NULL,
	"fault" text NOT NULL,
	"settings" jsonb NOT NULL,
	"started_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"is_stopped" boolean DEFAULT false NOT NULL,
	CONSTRAINT "chaos_faults_known" CHECK (fault in ('latency', 'errors', 'refuse', 'crash')),
	CONSTRAINT "chaos_faults_end" CHECK (ends_at >= started_at)
);
--> statement-breakpoint
CREATE TABLE "dispatch_cursors" (
	"item_id" bigint PRIMARY KEY NOT NULL,
	"position" bigint DEFAULT 0 NOT NULL,
	"is_closed" boolean DEFAULT false NOT NULL,
	CONSTRAINT "dispatch_cursors_not_negative" CHECK (position >= 0)
);
--> statement-breakpoint
CREATE TABLE "task_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "task_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"task" bigint NOT NULL,
	"event" text NOT NULL,
	"attempt" integer NOT NULL,
	"version" bigint NOT NULL,
	"worker" text,
	"message" text,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "task_log_event_known" CHECK (event in ('submitted', 'duplicate', 'claimed', 'completed', 'failed', 'postponed', 'recovered', 'retried', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tasks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"task_id" text COLLATE "C" NOT NULL,
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text DEFAULT 'PENDING' NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT clock_timestamp(),
	"attempts" integer DEFAULT 0 NOT NULL,
	"attempts_max" integer DEFAULT 10 NOT NULL,
	"backoff_min_ms" integer DEFAULT 500 NOT NULL,
	"backoff_max_ms" integer DEFAULT 10000 NOT NULL,
	"lease_ms" integer DEFAULT 15000 NOT NULL,
	"version" bigint DEFAULT 0 NOT NULL,
	"worker" text,
	"result" jsonb,
	"error_message" text,
	"trace_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"processed_at" timestamp with time zone,
	CONSTRAINT "tasks_one_per_task_id" UNIQUE("task_id"),
	CONSTRAINT "tasks_kind_known" CHECK (kind in ('dispatch', 'receive', 'simulate')),
	CONSTRAINT "tasks_status_known" CHECK (status in ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')),
	CONSTRAINT "tasks_attempts_within_max" CHECK (attempts between 0 and attempts_max),
	CONSTRAINT "tasks_backoff_in_order" CHECK (0 < backoff_min_ms and backoff_min_ms <= backoff_max_ms),
	CONSTRAINT "tasks_lease_positive" CHECK (lease_ms > 0),
	CONSTRAINT "tasks_leased_while_processing" CHECK ((status = 'PROCESSING') = (worker is not null)),
	CONSTRAINT "tasks_due_unless_over" CHECK (case status
        when 'PENDING' then due_at is not null
        when 'PROCESSING' then due_at is not null
        when 'FAILED' then due_at is null or attempts < attempts_max
        else due_at is null
      end)
);
--> statement-breakpoint
CREATE TABLE "credits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"amount_cents" bigint NOT NULL,
	"balance_after_cents" bigint NOT NULL,
	"reason" text NOT NULL,
	"actor_id" uuid,
	"idempotency_key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"credited_at" timestamp with time zone NOT NULL,
	CONSTRAINT "credits_one_per_key" UNIQUE("actor_id","idempotency_key"),
	CONSTRAINT "credits_kind_known" CHECK (kind in ('opening', 'top_up', 'credit')),
	CONSTRAINT "credits_amount_positive" CHECK (amount_cents > 0),
	CONSTRAINT "credits_balance_not_negative" CHECK (balance_after_cents >= 0)
);
--> statement-breakpoint
CREATE TABLE "purchase_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"item_id" bigint NOT NULL,
	"quantity" integer NOT NULL,
	"idempotency_key" uuid NOT NULL,
	"refusal_code" text,
	"refusal_message" text,
	"amount_cents" bigint,
	"balance_after_cents" bigint,
	"remaining_after" integer,
	"position" bigint,
	"decided_at" timestamp with time zone NOT NULL,
	CONSTRAINT "purchase_attempts_one_per_key" UNIQUE("user_id","idempotency_key"),
	CONSTRAINT "purchase_attempts_quantity_positive" CHECK (quantity > 0),
	CONSTRAINT "purchase_attempts_bought_or_refused" CHECK (case when refusal_code is null
        then refusal_message is null and amount_cents > 0 and balance_after_cents >= 0
          and remaining_after >= 0 and position > 0
        else refusal_message is not null
          and num_nonnulls(amount_cents, balance_after_cents, remaining_after, position) = 0
      end)
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purchase_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"item_id" bigint NOT NULL,
	"quantity" integer NOT NULL,
	"amount_cents" bigint NOT NULL,
	"balance_after_cents" bigint NOT NULL,
	"remaining_after" integer NOT NULL,
	"units_returned" boolean DEFAULT true NOT NULL,
	"reason" text,
	"actor_id" uuid,
	"idempotency_key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"refunded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "refunds_one_per_purchase" UNIQUE("purchase_id"),
	CONSTRAINT "refunds_one_per_key" UNIQUE("actor_id","idempotency_key"),
	CONSTRAINT "refunds_quantity_positive" CHECK (quantity > 0),
	CONSTRAINT "refunds_amount_positive" CHECK (amount_cents > 0),
	CONSTRAINT "refunds_balance_not_negative" CHECK (balance_after_cents >= 0)
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"balance_cents" bigint DEFAULT 0 NOT NULL,
	"currency" text DEFAULT 'EUR' NOT NULL,
	CONSTRAINT "wallets_balance_not_negative" CHECK (balance_cents >= 0)
);
--> statement-breakpoint
CREATE TABLE "order_items" (
	"order_id" bigint NOT NULL,
	"line" integer NOT NULL,
	"product_id" bigint NOT NULL,
	"product_name" text NOT NULL,
	"price_cents" bigint NOT NULL,
	"quantity" integer NOT NULL,
	CONSTRAINT "order_items_one_per_line" PRIMARY KEY("order_id","line"),
	CONSTRAINT "order_items_line_positive" CHECK (line > 0),
	CONSTRAINT "order_items_price_not_negative" CHECK (price_cents >= 0),
	CONSTRAINT "order_items_quantity_positive" CHECK (quantity > 0)
);
--> statement-breakpoint
CREATE TABLE "order_refunds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" bigint NOT NULL,
	"customer_id" uuid NOT NULL,
	"amount_cents" bigint NOT NULL,
	"balance_after_cents" bigint NOT NULL,
	"units_returned" boolean NOT NULL,
	"reason" text NOT NULL,
	"actor_id" uuid,
	"idempotency_key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"refunded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "order_refunds_one_per_order" UNIQUE("order_id"),
	CONSTRAINT "order_refunds_one_per_key" UNIQUE("actor_id","idempotency_key"),
	CONSTRAINT "order_refunds_amount_not_negative" CHECK (amount_cents >= 0),
	CONSTRAINT "order_refunds_balance_not_negative" CHECK (balance_after_cents >= 0)
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "orders_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"customer_id" uuid NOT NULL,
	"warehouse_id" bigint NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"inventory_updated" boolean DEFAULT false NOT NULL,
	"error_message" text,
	"request_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"amount_cents" bigint NOT NULL,
	"currency" text DEFAULT 'EUR' NOT NULL,
	"balance_after_cents" bigint,
	"paid_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "orders_one_per_request" UNIQUE("customer_id","request_id"),
	CONSTRAINT "orders_status_known" CHECK (status in ('pending', 'confirmed', 'rejected', 'refunded')),
	CONSTRAINT "orders_amount_not_negative" CHECK (amount_cents >= 0),
	CONSTRAINT "orders_balance_not_negative" CHECK (balance_after_cents >= 0),
	CONSTRAINT "orders_paid_with_balance" CHECK (num_nulls(paid_at, balance_after_cents) in (0, 2))
);
--> statement-breakpoint
CREATE TABLE "reconcile_marks" (
	"item_id" bigint PRIMARY KEY NOT NULL,
	"position" bigint DEFAULT 0 NOT NULL,
	"units_sold" bigint DEFAULT 0 NOT NULL,
	"tasks_position" bigint DEFAULT 0 NOT NULL,
	"allotted" integer,
	"remaining" integer,
	"is_settled" boolean DEFAULT false NOT NULL,
	CONSTRAINT "reconcile_marks_not_negative" CHECK (position >= 0 and units_sold >= 0 and tasks_position >= 0)
);
--> statement-breakpoint
CREATE TABLE "reconcile_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reconcile_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"scope" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seconds" double precision NOT NULL,
	"ok" boolean NOT NULL,
	"checks" jsonb NOT NULL,
	CONSTRAINT "reconcile_runs_scope_known" CHECK (scope in ('full', 'new')),
	CONSTRAINT "reconcile_runs_seconds_not_negative" CHECK (seconds >= 0)
);
--> statement-breakpoint
CREATE TABLE "reconcile_turns" (
	"is_only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"due_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"turn" bigint DEFAULT 0 NOT NULL,
	"covered_until" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	CONSTRAINT "reconcile_turns_one_row" CHECK (is_only)
);
--> statement-breakpoint
CREATE TABLE "items" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "items_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sale_id" bigint NOT NULL,
	"product_id" bigint NOT NULL,
	"warehouse_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"image_url" text,
	"price_cents" bigint NOT NULL,
	"allotted" integer NOT NULL,
	"remaining" integer NOT NULL,
	"limit_per_customer" integer,
	"last_position" bigint DEFAULT 0 NOT NULL,
	"last_sold_at" timestamp with time zone,
	"version" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "items_one_per_place" UNIQUE("sale_id","ordinal"),
	CONSTRAINT "items_name_not_empty" CHECK (name <> ''),
	CONSTRAINT "items_price_positive" CHECK (price_cents > 0),
	CONSTRAINT "items_never_oversold" CHECK (remaining >= 0),
	CONSTRAINT "items_remaining_within_allotted" CHECK (remaining <= allotted),
	CONSTRAINT "items_limit_positive" CHECK (limit_per_customer > 0)
);
--> statement-breakpoint
CREATE TABLE "sale_pauses" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sale_pauses_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sale_id" bigint NOT NULL,
	"paused_at" timestamp with time zone NOT NULL,
	"resumed_at" timestamp with time zone,
	CONSTRAINT "sale_pauses_resumed_after_paused" CHECK (resumed_at >= paused_at)
);
--> statement-breakpoint
CREATE TABLE "sales" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sales_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"paused_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	"currency" text DEFAULT 'EUR' NOT NULL,
	"version" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"leftovers_returned_at" timestamp with time zone,
	"edits" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "sales_name_not_empty" CHECK (name <> ''),
	CONSTRAINT "sales_end_after_start" CHECK (ends_at > starts_at)
);
--> statement-breakpoint
CREATE TABLE "stock_adjustments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"item_id" bigint NOT NULL,
	"change" integer NOT NULL,
	"allotted_after" integer NOT NULL,
	"remaining_after" integer NOT NULL,
	"reason" text NOT NULL,
	"actor_id" uuid,
	"idempotency_key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"adjusted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "stock_adjustments_one_per_key" UNIQUE("actor_id","idempotency_key"),
	CONSTRAINT "stock_adjustments_remaining_not_negative" CHECK (remaining_after >= 0)
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_of_a_user" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_of_a_user" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "inventory" ADD CONSTRAINT "inventory_in_a_warehouse" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "inventory" ADD CONSTRAINT "inventory_of_a_product" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "receipts" ADD CONSTRAINT "receipts_in_a_warehouse" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "receipts" ADD CONSTRAINT "receipts_of_a_product" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "receipts" ADD CONSTRAINT "receipts_by_a_user" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "dispatch_cursors" ADD CONSTRAINT "dispatch_cursors_of_an_item" FOREIGN KEY ("item_id") REFERENCES "items"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "credits" ADD CONSTRAINT "credits_to_a_user" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "credits" ADD CONSTRAINT "credits_by_a_user" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_of_a_purchase" FOREIGN KEY ("purchase_id") REFERENCES "purchase_attempts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_to_a_user" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_by_a_user" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_of_an_item" FOREIGN KEY ("item_id") REFERENCES "items"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_of_a_user" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_of_an_order" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_of_a_product" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_refunds" ADD CONSTRAINT "order_refunds_of_an_order" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_refunds" ADD CONSTRAINT "order_refunds_to_a_customer" FOREIGN KEY ("customer_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_refunds" ADD CONSTRAINT "order_refunds_by_a_user" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_of_a_customer" FOREIGN KEY ("customer_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_from_a_warehouse" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "reconcile_marks" ADD CONSTRAINT "reconcile_marks_of_an_item" FOREIGN KEY ("item_id") REFERENCES "items"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "items" ADD CONSTRAINT "items_of_a_sale" FOREIGN KEY ("sale_id") REFERENCES "sales"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "items" ADD CONSTRAINT "items_of_a_product" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "items" ADD CONSTRAINT "items_from_a_warehouse" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "sale_pauses" ADD CONSTRAINT "sale_pauses_of_a_sale" FOREIGN KEY ("sale_id") REFERENCES "sales"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_adjustments" ADD CONSTRAINT "stock_adjustments_of_an_item" FOREIGN KEY ("item_id") REFERENCES "items"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_adjustments" ADD CONSTRAINT "stock_adjustments_by_a_user" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "accounts_by_user" ON "accounts" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "sessions_by_user" ON "sessions" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "sessions_by_end" ON "sessions" USING btree ("expires_at");
--> statement-breakpoint
CREATE INDEX "verifications_by_identifier" ON "verifications" USING btree ("identifier");
--> statement-breakpoint
CREATE INDEX "audit_log_by_time" ON "audit_log" USING btree ("occurred_at","id");
--> statement-breakpoint
CREATE INDEX "audit_log_by_actor" ON "audit_log" USING btree ("actor_id","id");
--> statement-breakpoint
CREATE INDEX "audit_log_not_by_persons" ON "audit_log" USING btree ("occurred_at","id") WHERE actor_kind <> 'person';
--> statement-breakpoint
CREATE INDEX "audit_log_by_action" ON "audit_log" USING btree ("action","id");
--> statement-breakpoint
CREATE INDEX "audit_log_by_subject" ON "audit_log" USING btree ("subject","id");
--> statement-breakpoint
CREATE INDEX "audit_log_failures" ON "audit_log" USING btree ("id") WHERE outcome = 'failure';
--> statement-breakpoint
CREATE INDEX "inventory_by_product" ON "inventory" USING btree ("product_id");
--> statement-breakpoint
CREATE INDEX "products_of_the_catalogue" ON "products" USING btree ("name","id") WHERE available and not only_in_sales;
--> statement-breakpoint
CREATE INDEX "products_by_word" ON "products" USING gin ("words") WITH (fastupdate=off);
--> statement-breakpoint
CREATE INDEX "receipts_by_product" ON "receipts" USING btree ("product_id","warehouse_id");
--> statement-breakpoint
CREATE INDEX "receipts_by_time" ON "receipts" USING btree ("received_at");
--> statement-breakpoint
CREATE INDEX "breaker_transitions_by_instance" ON "breaker_transitions" USING btree ("instance","id");
--> statement-breakpoint
CREATE INDEX "chaos_faults_by_run" ON "chaos_faults" USING btree ("run_id","id");
--> statement-breakpoint
CREATE INDEX "dispatch_cursors_open" ON "dispatch_cursors" USING btree ("item_id") WHERE not is_closed;
--> statement-breakpoint
CREATE INDEX "task_log_by_task" ON "task_log" USING btree ("task","id");
--> statement-breakpoint
CREATE INDEX "tasks_open_by_kind" ON "tasks" USING btree ("kind","priority" DESC NULLS FIRST,"due_at","id") WHERE status not in ('COMPLETED', 'CANCELLED');
--> statement-breakpoint
CREATE INDEX "tasks_set_aside" ON "tasks" USING btree ("status","id") WHERE status in ('FAILED', 'CANCELLED');
--> statement-breakpoint
CREATE INDEX "tasks_over_of_rare_kinds" ON "tasks" USING btree ("kind","id") WHERE kind <> 'dispatch' and status in ('COMPLETED', 'CANCELLED');
--> statement-breakpoint
CREATE UNIQUE INDEX "credits_one_opening" ON "credits" USING btree ("user_id") WHERE kind = 'opening';
--> statement-breakpoint
CREATE INDEX "credits_by_user" ON "credits" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "credits_by_time" ON "credits" USING btree ("credited_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "purchase_attempts_position_once" ON "purchase_attempts" USING btree ("item_id","position") WHERE position is not null;
--> statement-breakpoint
CREATE INDEX "purchase_attempts_bought_by_user" ON "purchase_attempts" USING btree ("user_id","id") WHERE position is not null;
--> statement-breakpoint
CREATE INDEX "refunds_by_user" ON "refunds" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "refunds_by_item" ON "refunds" USING btree ("item_id");
--> statement-breakpoint
CREATE INDEX "refunds_by_time" ON "refunds" USING btree ("refunded_at");
--> statement-breakpoint
CREATE INDEX "order_items_by_product" ON "order_items" USING btree ("product_id");
--> statement-breakpoint
CREATE INDEX "order_refunds_by_customer" ON "order_refunds" USING btree ("customer_id");
--> statement-breakpoint
CREATE INDEX "order_refunds_by_time" ON "order_refunds" USING btree ("refunded_at");
--> statement-breakpoint
CREATE INDEX "orders_by_customer" ON "orders" USING btree ("customer_id","id");
--> statement-breakpoint
CREATE INDEX "orders_by_time" ON "orders" USING btree ("created_at","id");
--> statement-breakpoint
CREATE INDEX "reconcile_marks_unsettled" ON "reconcile_marks" USING btree ("item_id") WHERE not is_settled;
--> statement-breakpoint
CREATE INDEX "reconcile_runs_by_scope" ON "reconcile_runs" USING btree ("scope","started_at");
--> statement-breakpoint
CREATE INDEX "reconcile_runs_broken" ON "reconcile_runs" USING btree ("started_at") WHERE not ok;
--> statement-breakpoint
CREATE UNIQUE INDEX "sale_pauses_one_open" ON "sale_pauses" USING btree ("sale_id") WHERE resumed_at is null;
--> statement-breakpoint
CREATE INDEX "sale_pauses_by_sale" ON "sale_pauses" USING btree ("sale_id");
--> statement-breakpoint
CREATE INDEX "sales_by_start" ON "sales" USING btree ("starts_at","id");
--> statement-breakpoint
CREATE INDEX "sales_with_leftovers" ON "sales" USING btree ("ends_at") WHERE leftovers_returned_at is null;
--> statement-breakpoint
CREATE INDEX "stock_adjustments_by_item" ON "stock_adjustments" USING btree ("item_id");
--> statement-breakpoint
CREATE INDEX "stock_adjustments_by_time" ON "stock_adjustments" USING btree ("adjusted_at");
--> statement-breakpoint
CREATE VIEW "movements" AS (
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
  from order_refunds
);
--> statement-breakpoint

-- Room on each page for the next versions of a row, so that an update stays on its page (HOT) and no index has to know.
-- A purchase makes two versions of its wallet, a lock and a balance, and as many of its item.
alter table wallets set (fillfactor = 50);
--> statement-breakpoint
alter table items set (fillfactor = 50);
--> statement-breakpoint
alter table inventory set (fillfactor = 50);
--> statement-breakpoint
alter table orders set (fillfactor = 70);
--> statement-breakpoint
alter table tasks set (fillfactor = 60);
--> statement-breakpoint
alter table dispatch_cursors set (fillfactor = 50);
--> statement-breakpoint
alter table reconcile_marks set (fillfactor = 50);
--> statement-breakpoint
alter table reconcile_turns set (fillfactor = 50);
--> statement-breakpoint

insert into warehouses (name) values ('Main warehouse');
--> statement-breakpoint
insert into reconcile_turns default values;
--> statement-breakpoint

-- Every user has a wallet from the first moment, whoever made the user: better-auth, in a transaction of its own that
-- nothing else takes part in. It is the only row that a trigger makes: nobody asks in which order wallets came.
create function give_wallet() returns trigger
language plpgsql
set search_path from current
as $$
begin
  insert into wallets (user_id) values (new.id);
  return null;
end
$$;
--> statement-breakpoint
create trigger users_get_a_wallet after insert on users
  for each row execute function give_wallet();
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
create function refuse_repricing() returns trigger
language plpgsql
as $$
begin
  raise exception 'what was sold in an order is never changed' using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint

do $$
declare
  -- Records of money and stock, and of who did what.
  append_only text[] := '{purchase_attempts, refunds, credits, stock_adjustments, receipts, order_items, order_refunds, task_log, audit_log}';
  -- Whom and what those records name.
  never_removed text[] := '{users, wallets, products, inventory, items, orders, tasks}';
  name text;
begin
  foreach name in array append_only loop
    execute format('create trigger %1$s_append_only before update or delete on %1$s for each row execute function refuse_rewriting()', name);
    execute format('create trigger %1$s_never_emptied before truncate on %1$s for each statement execute function refuse_rewriting()', name);
  end loop;
  foreach name in array never_removed loop
    execute format('create trigger %1$s_never_removed before delete on %1$s for each row execute function refuse_removing()', name);
    execute format('create trigger %1$s_never_emptied before truncate on %1$s for each statement execute function refuse_removing()', name);
  end loop;
end
$$;
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
