-- How many units one buyer may hold over all items of a sale.
ALTER TABLE "sales" ADD COLUMN "limit_per_customer" integer;--> statement-breakpoint
ALTER TABLE "sales" ADD CONSTRAINT "sales_limit_positive" CHECK (limit_per_customer > 0);
