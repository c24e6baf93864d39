import { bigint, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/** The tables of the warehouse's own store, for Drizzle. The SQL that makes them is in `drizzle/warehouse/migrations`. */

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const number = (name: string) => bigint(name, { mode: "number" });

export const products = pgTable("products", {
  productId: number("product_id").primaryKey(),
  name: text("name").notNull(),
  description: text("description").notNull().default(""),
  priceCents: number("price_cents").notNull().default(0),
  stockQuantity: number("stock_quantity").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

/** Every change of what is on hand, for ever. */
export const inventoryUpdates = pgTable("inventory_updates", {
  id: number("id").primaryKey().generatedAlwaysAsIdentity(),
  productId: number("product_id").notNull(),
  quantityChange: number("quantity_change").notNull(),
  previousStock: number("previous_stock").notNull(),
  newStock: number("new_stock").notNull(),
  reference: text("reference").notNull(),
  idempotencyKey: text("idempotency_key").notNull(),
  traceId: text("trace_id"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const idempotencyRecords = pgTable("idempotency_records", {
  key: text("key").primaryKey(),
  fingerprint: text("fingerprint").notNull(),
  responseData: jsonb("response_data").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});
