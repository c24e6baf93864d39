import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";
import { products, warehouses } from "./catalogue.ts";
import { cents, identity, moment, number, tsvector } from "./columns.ts";

/** A window of time. Its status follows from these columns and the clock: see `server/sales/sale-status.ts`. */
export const sales = pgTable(
  "sales",
  {
    id: identity(),
    name: text("name").notNull(),
    startsAt: moment("starts_at").notNull(),
    endsAt: moment("ends_at").notNull(),
    pausedAt: moment("paused_at"),
    cancelledAt: moment("cancelled_at"),
    currency: text("currency").notNull().default("EUR"),
    /** Units that one buyer may hold over all items of the sale. */
    limitPerCustomer: integer("limit_per_customer"),
    /** Whether only those who have entered a code of it may buy. Never switched on once it has started. */
    needsAccessCode: boolean("needs_access_code").notNull().default(false),
    /** Rises with whatever viewers see, every unit sold too. */
    version: number("version").notNull().default(0),
    createdAt: moment("created_at").notNull().defaultNow(),
    /**
     * When the units that were left over when the sale was over went back to the inventory, once. It stands on the sale,
     * because no index may cover what a purchase changes.
     */
    leftoversReturnedAt: moment("leftovers_returned_at"),
    /** Rises with every change by an operator, those of its items' stock too: as that of `products`. */
    edits: number("edits").notNull().default(0),
    /** Whose key this was made under, and what was asked for: absent for what the shop itself makes, or was made without a key. */
    actorId: uuid("actor_id"),
    idempotencyKey: text("idempotency_key"),
    fingerprint: text("fingerprint"),
    /** What an operator's search compares, as that of `products`. */
    words: tsvector("words").notNull().generatedAlwaysAs(sql`array_to_tsvector(search_words(name))`),
  },
  (table) => [
    unique("sales_one_per_key").on(table.actorId, table.idempotencyKey),
    foreignKey({ name: "sales_by_a_user", columns: [table.actorId], foreignColumns: [users.id] }),
    check("sales_name_not_empty", sql`name <> ''`),
    check("sales_end_after_start", sql`ends_at > starts_at`),
    check("sales_limit_positive", sql`limit_per_customer > 0`),
    index("sales_by_start").on(table.startsAt, table.id),
    // Operators read them by name too, and look for one among all that ever were.
    index("sales_by_name").on(table.name, table.id),
    index("sales_by_word").using("gin", table.words).with({ fastupdate: "off" }),
    // Few among many: all other statuses are found by their times.
    index("sales_cancelled").on(table.startsAt, table.id).where(sql`cancelled_at is not null`),
    index("sales_with_leftovers").on(table.endsAt).where(sql`leftovers_returned_at is null`),
  ],
);

/** Pauses that are over or under way, so that it can be proved later that nothing was sold in them. */
export const salePauses = pgTable(
  "sale_pauses",
  {
    id: identity(),
    saleId: number("sale_id").notNull(),
    pausedAt: moment("paused_at").notNull(),
    resumedAt: moment("resumed_at"),
  },
  (table) => [
    foreignKey({ name: "sale_pauses_of_a_sale", columns: [table.saleId], foreignColumns: [sales.id] }),
    check("sale_pauses_resumed_after_paused", sql`resumed_at >= paused_at`),
    uniqueIndex("sale_pauses_one_open").on(table.saleId).where(sql`resumed_at is null`),
    index("sale_pauses_by_sale").on(table.saleId),
  ],
);

/**
 * An offer in a sale. `remaining`, `lastPosition` and `lastSoldAt` are what a purchase changes: the hot row, and no index
 * covers what changes. Never removed: one that was taken out of its sale before the start is no longer shown.
 */
export const items = pgTable(
  "items",
  {
    id: identity(),
    saleId: number("sale_id").notNull(),
    productId: number("product_id").notNull(),
    /** Whose inventory its units were taken from, and go back to. */
    warehouseId: number("warehouse_id").notNull(),
    /** Says which stands before which, and nothing else: there are gaps, and a new order takes numbers above all earlier ones. */
    ordinal: integer("ordinal").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    imageUrl: text("image_url"),
    priceCents: cents("price_cents").notNull(),
    allotted: integer("allotted").notNull(),
    remaining: integer("remaining").notNull(),
    limitPerCustomer: integer("limit_per_customer"),
    lastPosition: number("last_position").notNull().default(0),
    lastSoldAt: moment("last_sold_at"),
    version: number("version").notNull().default(0),
    /** When an operator took it out of the sale: its units went back to the inventory, and nothing was ever sold of it. */
    withdrawnAt: moment("withdrawn_at"),
  },
  (table) => [
    unique("items_one_per_place").on(table.saleId, table.ordinal),
    // Which sales a product is in. A purchase changes neither.
    index("items_by_product").on(table.productId, table.saleId),
    foreignKey({ name: "items_of_a_sale", columns: [table.saleId], foreignColumns: [sales.id] }),
    foreignKey({ name: "items_of_a_product", columns: [table.productId], foreignColumns: [products.id] }),
    foreignKey({ name: "items_from_a_warehouse", columns: [table.warehouseId], foreignColumns: [warehouses.id] }),
    check("items_name_not_empty", sql`name <> ''`),
    check("items_price_positive", sql`price_cents > 0`),
    check("items_never_oversold", sql`remaining >= 0`),
    check("items_remaining_within_allotted", sql`remaining <= allotted`),
    check("items_limit_positive", sql`limit_per_customer > 0`),
  ],
);

/**
 * Units that went from the inventory to an item (positive) or back (negative): the first allotment, what an operator
 * gave or withdrew, and what was left over. Each row has its counterpart in `inventory`, in the same transaction. Never
 * changed.
 */
export const stockAdjustments = pgTable(
  "stock_adjustments",
  {
    id: uuid("id").primaryKey(),
    itemId: number("item_id").notNull(),
    change: integer("change").notNull(),
    allottedAfter: integer("allotted_after").notNull(),
    remainingAfter: integer("remaining_after").notNull(),
    reason: text("reason").notNull(),
    actorId: uuid("actor_id"),
    idempotencyKey: text("idempotency_key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    adjustedAt: moment("adjusted_at").notNull(),
  },
  (table) => [
    unique("stock_adjustments_one_per_key").on(table.actorId, table.idempotencyKey),
    foreignKey({ name: "stock_adjustments_of_an_item", columns: [table.itemId], foreignColumns: [items.id] }),
    foreignKey({ name: "stock_adjustments_by_a_user", columns: [table.actorId], foreignColumns: [users.id] }),
    check("stock_adjustments_remaining_not_negative", sql`remaining_after >= 0`),
    index("stock_adjustments_by_item").on(table.itemId),
    index("stock_adjustments_by_time").on(table.adjustedAt),
  ],
);
