-- Sales that are open to holders of a code alone, their codes, and who has entered one.
CREATE TABLE "access_codes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "access_codes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sale_id" bigint NOT NULL,
	"code" text NOT NULL,
	"uses" integer DEFAULT 0 NOT NULL,
	"uses_max" integer,
	"created_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "access_codes_one_per_sale" UNIQUE("sale_id","code"),
	CONSTRAINT "access_codes_not_empty" CHECK (code <> ''),
	CONSTRAINT "access_codes_never_overused" CHECK (uses between 0 and coalesce(uses_max, uses)),
	CONSTRAINT "access_codes_uses_positive" CHECK (uses_max > 0)
);
--> statement-breakpoint
CREATE TABLE "sale_admissions" (
	"user_id" uuid NOT NULL,
	"sale_id" bigint NOT NULL,
	"code_id" bigint NOT NULL,
	"admitted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sale_admissions_one_per_user_and_sale" PRIMARY KEY("user_id","sale_id")
);
--> statement-breakpoint
ALTER TABLE "sales" ADD COLUMN "needs_access_code" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "access_codes" ADD CONSTRAINT "access_codes_of_a_sale" FOREIGN KEY ("sale_id") REFERENCES "sales"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sale_admissions" ADD CONSTRAINT "sale_admissions_of_a_user" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sale_admissions" ADD CONSTRAINT "sale_admissions_by_a_code" FOREIGN KEY ("code_id") REFERENCES "access_codes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sale_admissions_by_code" ON "sale_admissions" USING btree ("code_id");
