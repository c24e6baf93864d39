CREATE TABLE "rehearsals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rehearsals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sale_id" bigint NOT NULL,
	"started_by" uuid NOT NULL,
	"crowd" jsonb NOT NULL,
	"measure_capacity" boolean NOT NULL,
	"beside_real_sales" boolean NOT NULL,
	"state" text DEFAULT 'preparing' NOT NULL,
	"progress" jsonb NOT NULL,
	"store" text NOT NULL,
	"store_dropped_at" timestamp with time zone,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"lease_until" timestamp with time zone NOT NULL,
	"stop_asked_at" timestamp with time zone,
	"went_well" boolean,
	"verdict" text,
	"report" jsonb,
	CONSTRAINT "rehearsals_state_known" CHECK (state in ('preparing', 'selling', 'measuring', 'checking', 'done', 'stopped', 'failed')),
	CONSTRAINT "rehearsals_ended_in_an_end_state" CHECK ((state in ('done', 'stopped', 'failed')) = (ended_at is not null)),
	CONSTRAINT "rehearsals_store_named_as_one" CHECK (store ~ '_rehearsal_[0-9a-f]{12}$')
);
--> statement-breakpoint
ALTER TABLE "rehearsals" ADD CONSTRAINT "rehearsals_of_a_sale" FOREIGN KEY ("sale_id") REFERENCES "sales"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rehearsals" ADD CONSTRAINT "rehearsals_by_a_user" FOREIGN KEY ("started_by") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "rehearsals_one_at_a_time" ON "rehearsals" USING btree ((ended_at is null)) WHERE ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "rehearsals_one_per_store" ON "rehearsals" USING btree ("store");--> statement-breakpoint
CREATE INDEX "rehearsals_by_sale" ON "rehearsals" USING btree ("sale_id","started_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "rehearsals_by_time" ON "rehearsals" USING btree ("started_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);