import { bigint, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const identity = () => bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity();

/** A window of time. Its status follows from these columns and the clock: see `server/sales/sale-status.ts`. */
export const sales = pgTable("sales", {
  id: identity(),
  name: text("name").notNull(),
  startsAt: moment("starts_at").notNull(),
  endsAt: moment("ends_at").notNull(),
  pausedAt: moment("paused_at"),
  cancelledAt: moment("cancelled_at"),
  currency: text("currency").notNull(),
  version: bigint("version", { mode: "number" }).notNull().default(0),
  createdAt: moment("created_at").notNull().defaultNow(),
  /** When the units that were left over when the sale was over went back to the inventory. */
  leftoversReturnedAt: moment("leftovers_returned_at"),
  /** Rises with every change by an operator, those of its items' stock too. */
  edits: bigint("edits", { mode: "number" }).notNull().default(0),
});

/** Pauses that are over or under way, so that it can be proved later that nothing was sold in them. */
export const salePauses = pgTable("sale_pauses", {
  id: identity(),
  saleId: bigint("sale_id", { mode: "number" }).notNull(),
  pausedAt: moment("paused_at").notNull(),
  resumedAt: moment("resumed_at"),
});

/** An offer in a sale. `remaining`, `lastPosition` and `lastSoldAt` are what a purchase changes: the hot row. */
export const items = pgTable("items", {
  id: identity(),
  saleId: bigint("sale_id", { mode: "number" }).notNull(),
  productId: bigint("product_id", { mode: "number" }).notNull(),
  /** Whose inventory its units were taken from, and go back to. */
  warehouseId: bigint("warehouse_id", { mode: "number" }).notNull(),
  ordinal: integer("ordinal").notNull(),
  name: text("name").notNull(),
  description: text("description").notNull(),
  imageUrl: text("image_url"),
  priceCents: bigint("price_cents", { mode: "number" }).notNull(),
  allotted: integer("allotted").notNull(),
  remaining: integer("remaining").notNull(),
  limitPerCustomer: integer("limit_per_customer"),
  lastPosition: bigint("last_position", { mode: "number" }).notNull().default(0),
  lastSoldAt: moment("last_sold_at"),
  version: bigint("version", { mode: "number" }).notNull().default(0),
});

/**
 * Units that went from the inventory to an item (positive) or back (negative): the first allotment, what an operator
 * gave or withdrew, and what was left over. Each row has its counterpart in `inventory`, in the same transaction.
 */
export const stockAdjustments = pgTable("stock_adjustments", {
  id: uuid("id").primaryKey(),
  itemId: bigint("item_id", { mode: "number" }).notNull(),
  change: integer("change").notNull(),
  allottedAfter: integer("allotted_after").notNull(),
  remainingAfter: integer("remaining_after").notNull(),
  reason: text("reason").notNull(),
  actorId: uuid("actor_id"),
  idempotencyKey: text("idempotency_key").notNull(),
  fingerprint: text("fingerprint").notNull(),
  adjustedAt: moment("adjusted_at").notNull(),
});
