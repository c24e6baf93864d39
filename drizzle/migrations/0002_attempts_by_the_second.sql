-- What a sale came to, second by second, so that the console reads some hundred rows instead of every attempt.
CREATE TABLE "attempt_seconds" (
	"item_id" bigint NOT NULL,
	"second" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"attempts" integer NOT NULL,
	"units" bigint NOT NULL,
	"amount_cents" bigint NOT NULL,
	CONSTRAINT "attempt_seconds_once" PRIMARY KEY("item_id","second","outcome"),
	CONSTRAINT "attempt_seconds_not_empty" CHECK (attempts > 0 and units > 0 and amount_cents >= 0)
);
--> statement-breakpoint
CREATE TABLE "attempt_seconds_mark" (
	"is_only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"below" uuid DEFAULT '00000000-0000-0000-0000-000000000000' NOT NULL,
	CONSTRAINT "attempt_seconds_mark_one_row" CHECK (is_only)
);
--> statement-breakpoint
-- Changed every few seconds: a new version fits beside the old one.
alter table attempt_seconds_mark set (fillfactor = 50);
--> statement-breakpoint
insert into attempt_seconds_mark default values;
