-- Runs that somebody asked for in the console: how far one has come and what it found is seen in every process.
CREATE TABLE "proof_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "proof_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"done" bigint DEFAULT 0 NOT NULL,
	"total" bigint DEFAULT 0 NOT NULL,
	"ended_at" timestamp with time zone,
	"result" jsonb,
	CONSTRAINT "proof_runs_kind_known" CHECK (kind in ('reconcile', 'chain'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "proof_runs_one_under_way" ON "proof_runs" USING btree ("kind") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "proof_runs_by_start" ON "proof_runs" USING btree ("kind","started_at");