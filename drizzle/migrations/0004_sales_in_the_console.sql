-- What operators find sales by in the console, and items that were taken out of a sale before it began: attempts and
-- adjustments name them, so they stay and are no longer shown.
ALTER TABLE "items" ADD COLUMN "withdrawn_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sales" ADD COLUMN "words" "tsvector" GENERATED ALWAYS AS (array_to_tsvector(search_words(name))) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "sales_by_name" ON "sales" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "sales_by_word" ON "sales" USING gin ("words") WITH (fastupdate=off);--> statement-breakpoint
CREATE INDEX "sales_cancelled" ON "sales" USING btree ("starts_at","id") WHERE cancelled_at is not null;