import { sql } from "drizzle-orm";
import { bigint, boolean, customType, integer, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const number = (name: string) => bigint(name, { mode: "number" });
const identity = () => number("id").primaryKey().generatedAlwaysAsIdentity();

/** The catalogue shows, and orders sell, products that are available and not only in sales. */
export const products = pgTable("products", {
  id: identity(),
  name: text("name").notNull(),
  description: text("description").notNull().default(""),
  imageUrl: text("image_url"),
  createdAt: moment("created_at").notNull().defaultNow(),
  /** What an order pays for a unit. An item of a sale has a price of its own. */
  priceCents: number("price_cents").notNull(),
  currency: text("currency").notNull().default("EUR"),
  available: boolean("available").notNull().default(true),
  /** Made for an item of a sale from a name alone. */
  onlyInSales: boolean("only_in_sales").notNull().default(false),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  /** Rises with every change by an operator. */
  edits: number("edits").notNull().default(0),
  /** What a search compares: made by the database of name and description. */
  words: customType<{ data: string }>({ dataType: () => "tsvector" })("words")
    .notNull()
    .generatedAlwaysAs(sql``),
});

export const warehouses = pgTable("warehouses", {
  id: identity(),
  name: text("name").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});

/** Units of a product that a warehouse can still promise. No row: the warehouse does not keep the product. */
export const inventory = pgTable(
  "inventory",
  {
    warehouseId: number("warehouse_id").notNull(),
    productId: number("product_id").notNull(),
    units: integer("units").notNull().default(0),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "inventory_one_per_warehouse_and_product", columns: [table.warehouseId, table.productId] }),
  ],
);

/** Goods that came in: the only way in which units come into being. */
export const receipts = pgTable("receipts", {
  id: uuid("id").primaryKey(),
  warehouseId: number("warehouse_id").notNull(),
  productId: number("product_id").notNull(),
  units: integer("units").notNull(),
  /** Units of the product in the warehouse right after it. Null where nobody is to be told. */
  unitsAfter: integer("units_after"),
  reason: text("reason").notNull(),
  /** Null when the system itself received them, as for demo data. */
  actorId: uuid("actor_id"),
  idempotencyKey: text("idempotency_key").notNull(),
  fingerprint: text("fingerprint").notNull(),
  /** Units that never left the warehouse: nothing is to be brought there. */
  onHandAlready: boolean("on_hand_already").notNull().default(false),
  receivedAt: moment("received_at").notNull(),
});
