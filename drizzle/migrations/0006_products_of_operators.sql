-- What operators need to run the catalogue: products that are one thing in several sizes or colours, warehouses that two
-- operators do not rename over each other, and their list of all products in each order from an index.
CREATE TABLE "families" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "families_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"option_names" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"edits" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "families_name_not_empty" CHECK (name <> ''),
	CONSTRAINT "families_have_options" CHECK (cardinality(option_names) > 0)
);
--> statement-breakpoint
CREATE TABLE "variants" (
	"product_id" bigint PRIMARY KEY NOT NULL,
	"family_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"option_values" text[] NOT NULL,
	CONSTRAINT "variants_one_per_values" UNIQUE("family_id","option_values"),
	CONSTRAINT "variants_one_per_place" UNIQUE("family_id","ordinal")
);
--> statement-breakpoint
ALTER TABLE "warehouses" ADD COLUMN "edits" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_of_a_family" FOREIGN KEY ("family_id") REFERENCES "families"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_are_products" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "families_by_name" ON "families" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "products_by_name" ON "products" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "products_by_price" ON "products" USING btree ("price_cents","id");--> statement-breakpoint
CREATE INDEX "products_by_time" ON "products" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "items_by_product" ON "items" USING btree ("product_id","sale_id");