import { sql } from "drizzle-orm";
import { check, foreignKey, index, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { cents, identity, moment, number } from "../schema/columns.ts";

/*
 * The warehouse's own store: what lies in it, every change of that, and the answer to every key. The shop's tables are
 * elsewhere, and nothing here refers to them: the two speak over HTTP alone.
 */

/** Never removed. */
export const products = pgTable(
  "products",
  {
    productId: number("product_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    priceCents: cents("price_cents").notNull().default(0),
    stockQuantity: number("stock_quantity").notNull(),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
    updatedAt: moment("updated_at").notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    primaryKey({ name: "products_one_per_product_id", columns: [table.productId] }),
    check("products_price_never_negative", sql`price_cents >= 0`),
    // The upper bound is what a number in JSON carries exactly.
    check("products_stock_never_negative", sql`stock_quantity between 0 and 9007199254740991`),
  ],
);

/** Every change of what is on hand, for ever. */
export const inventoryUpdates = pgTable(
  "inventory_updates",
  {
    id: identity(),
    productId: number("product_id").notNull(),
    quantityChange: number("quantity_change").notNull(),
    previousStock: number("previous_stock").notNull(),
    newStock: number("new_stock").notNull(),
    reference: text("reference").notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    traceId: text("trace_id"),
    updatedAt: moment("updated_at").notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    // A key is one dispatch or one receipt of several products, each of which it changes once.
    unique("inventory_updates_one_per_key_and_product").on(table.idempotencyKey, table.productId),
    check("inventory_updates_add_up", sql`new_stock = previous_stock + quantity_change`),
    check("inventory_updates_change_something", sql`quantity_change <> 0`),
    check("inventory_updates_stock_never_negative", sql`previous_stock >= 0 and new_stock >= 0`),
    foreignKey({
      name: "inventory_updates_of_a_product",
      columns: [table.productId],
      foreignColumns: [products.productId],
    }),
    index("inventory_updates_by_product").on(table.productId, table.id),
    index("inventory_updates_by_reference").on(table.reference, table.id),
  ],
);

/** What was answered under a key, refusals too, written in the transaction that made it true. Never changed. */
export const idempotencyRecords = pgTable(
  "idempotency_records",
  {
    key: text("key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    responseData: jsonb("response_data").notNull(),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ name: "idempotency_records_one_per_key", columns: [table.key] })],
);
