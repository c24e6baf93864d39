import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";
import { cents, identity, moment, number, tsvector } from "./columns.ts";

/*
 * Units are counted in one place at a time. A receipt brings them into a warehouse's inventory; from there an order takes
 * them, or an adjustment moves them to an item of a sale and what is left of them back again. So at any moment, for each
 * warehouse and product:
 *
 *   inventory = received - ordered (and not given back) - adjustments of its items
 */

/** The catalogue shows, and orders sell, products that are available and not only in sales. They are never removed. */
export const products = pgTable(
  "products",
  {
    id: identity(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    imageUrl: text("image_url"),
    createdAt: moment("created_at").notNull().defaultNow(),
    /** What an order pays for a unit. An item of a sale has a price of its own. */
    priceCents: cents("price_cents").notNull(),
    currency: text("currency").notNull().default("EUR"),
    available: boolean("available").notNull().default(true),
    /** Made for an item of a sale from a name alone. */
    onlyInSales: boolean("only_in_sales").notNull().default(false),
    updatedAt: moment("updated_at").notNull().defaultNow(),
    /**
     * Rises with every change by an operator, so that a change can say for which state it was made: else the second of two
     * would overwrite the first in silence.
     */
    edits: number("edits").notNull().default(0),
    /** As those of `sales`. */
    actorId: uuid("actor_id"),
    idempotencyKey: text("idempotency_key"),
    fingerprint: text("fingerprint"),
    /**
     * What a search compares. What is joined by a hyphen or an apostrophe is found in one word too: "T-Shirt" by "tshirt",
     * "L'Oréal" by "loreal".
     */
    words: tsvector("words")
      .notNull()
      .generatedAlwaysAs(
        sql`array_to_tsvector(search_words(name || ' ' || description || ' ' || regexp_replace(name || ' ' || description, '[-''’ʼ‐‑]', '', 'g')))`,
      ),
  },
  (table) => [
    unique("products_one_per_key").on(table.actorId, table.idempotencyKey),
    foreignKey({ name: "products_by_a_user", columns: [table.actorId], foreignColumns: [users.id] }),
    check("products_name_not_empty", sql`name <> ''`),
    check("products_price_not_negative", sql`price_cents >= 0`),
    // The catalogue is read in the order of names.
    index("products_of_the_catalogue").on(table.name, table.id).where(sql`available and not only_in_sales`),
    // Operators read all of them in these orders, either way round.
    index("products_by_name").on(table.name, table.id),
    index("products_by_price").on(table.priceCents, table.id),
    index("products_by_time").on(table.createdAt, table.id),
    // Nothing is kept aside to be put in later: a search would have to go through that.
    index("products_by_word").using("gin", table.words).with({ fastupdate: "off" }),
  ],
);

/**
 * One thing in several sizes or colours, each a product of its own: shown on one card, where a buyer chooses. Orders and
 * sales know products alone.
 */
export const families = pgTable(
  "families",
  {
    id: identity(),
    name: text("name").notNull(),
    /** What is chosen, for example size and colour. */
    optionNames: text("option_names").array().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    /** As that of `products`. */
    edits: number("edits").notNull().default(0),
  },
  (table) => [
    check("families_name_not_empty", sql`name <> ''`),
    check("families_have_options", sql`cardinality(option_names) > 0`),
    index("families_by_name").on(table.name, table.id),
  ],
);

/** Which product of a family has which values of its options. A product is in one family at most. */
export const variants = pgTable(
  "variants",
  {
    productId: number("product_id").primaryKey(),
    familyId: number("family_id").notNull(),
    /** Its place in the family: values are shown in the order in which they come up. */
    ordinal: integer("ordinal").notNull(),
    /** One for each option, in their order. */
    optionValues: text("option_values").array().notNull(),
  },
  (table) => [
    unique("variants_one_per_values").on(table.familyId, table.optionValues),
    unique("variants_one_per_place").on(table.familyId, table.ordinal),
    foreignKey({ name: "variants_of_a_family", columns: [table.familyId], foreignColumns: [families.id] }),
    foreignKey({ name: "variants_are_products", columns: [table.productId], foreignColumns: [products.id] }),
  ],
);

export const warehouses = pgTable(
  "warehouses",
  {
    id: identity(),
    name: text("name").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    /** As that of `products`. */
    edits: number("edits").notNull().default(0),
  },
  (table) => [unique("warehouses_one_per_name").on(table.name), check("warehouses_name_not_empty", sql`name <> ''`)],
);

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
    foreignKey({
      name: "inventory_in_a_warehouse",
      columns: [table.warehouseId],
      foreignColumns: [warehouses.id],
    }),
    foreignKey({ name: "inventory_of_a_product", columns: [table.productId], foreignColumns: [products.id] }),
    check("inventory_never_oversold", sql`units >= 0`),
    index("inventory_by_product").on(table.productId),
  ],
);

/** Goods that came in: the only way in which units come into being. Never changed. */
export const receipts = pgTable(
  "receipts",
  {
    id: uuid("id").primaryKey(),
    warehouseId: number("warehouse_id").notNull(),
    productId: number("product_id").notNull(),
    units: integer("units").notNull(),
    /** Units of the product in the warehouse right after it, for whoever asks again. Null where nobody is to be told. */
    unitsAfter: integer("units_after"),
    reason: text("reason").notNull(),
    /** Null when the system itself received them, as for demo data. */
    actorId: uuid("actor_id"),
    idempotencyKey: text("idempotency_key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    /** Units that never left the warehouse: nothing is to be brought there. */
    onHandAlready: boolean("on_hand_already").notNull().default(false),
    receivedAt: moment("received_at").notNull(),
  },
  (table) => [
    unique("receipts_one_per_key").on(table.actorId, table.idempotencyKey),
    foreignKey({ name: "receipts_in_a_warehouse", columns: [table.warehouseId], foreignColumns: [warehouses.id] }),
    foreignKey({ name: "receipts_of_a_product", columns: [table.productId], foreignColumns: [products.id] }),
    foreignKey({ name: "receipts_by_a_user", columns: [table.actorId], foreignColumns: [users.id] }),
    check("receipts_units_positive", sql`units > 0`),
    check("receipts_counted_in", sql`units_after >= units`),
    index("receipts_by_product").on(table.productId, table.warehouseId),
    index("receipts_by_time").on(table.receivedAt),
  ],
);
