-- A sale or a product whose answer was lost and that is asked for again under its key is made once. What was made before has no key.
ALTER TABLE "products" ADD COLUMN "actor_id" uuid;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "idempotency_key" text;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "fingerprint" text;--> statement-breakpoint
ALTER TABLE "sales" ADD COLUMN "actor_id" uuid;--> statement-breakpoint
ALTER TABLE "sales" ADD COLUMN "idempotency_key" text;--> statement-breakpoint
ALTER TABLE "sales" ADD COLUMN "fingerprint" text;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_by_a_user" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sales" ADD CONSTRAINT "sales_by_a_user" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_one_per_key" UNIQUE("actor_id","idempotency_key");--> statement-breakpoint
ALTER TABLE "sales" ADD CONSTRAINT "sales_one_per_key" UNIQUE("actor_id","idempotency_key");