import { bigint, boolean, integer, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const number = (name: string) => bigint(name, { mode: "number" });

/** Baskets that were paid. Written by the SQL functions in `drizzle/functions`, and by nothing else. */
export const orders = pgTable("orders", {
  id: number("id").primaryKey().generatedAlwaysAsIdentity(),
  customerId: uuid("customer_id").notNull(),
  warehouseId: number("warehouse_id").notNull(),
  status: text("status", { enum: ["pending", "confirmed", "rejected", "refunded"] })
    .notNull()
    .default("pending"),
  /** Whether its units are out of the inventory: false again once they went back. */
  inventoryUpdated: boolean("inventory_updated").notNull().default(false),
  /** Why it was rejected or given back. */
  errorMessage: text("error_message"),
  /** The customer's own name for the request: one order each. */
  requestId: text("request_id").notNull(),
  /** The lines, so that one request id cannot stand for two baskets: see `place_order.sql`. */
  fingerprint: text("fingerprint").notNull(),
  amountCents: number("amount_cents").notNull(),
  currency: text("currency").notNull().default("EUR"),
  /** Null, like `paidAt`, only inside the transaction that places the order. */
  balanceAfterCents: number("balance_after_cents"),
  paidAt: moment("paid_at"),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

/** The lines of an order, as they were sent and as they were sold. */
export const orderItems = pgTable(
  "order_items",
  {
    orderId: number("order_id").notNull(),
    /** From 1, in the order of the basket. */
    line: integer("line").notNull(),
    productId: number("product_id").notNull(),
    productName: text("product_name").notNull(),
    priceCents: number("price_cents").notNull(),
    quantity: integer("quantity").notNull(),
  },
  (table) => [primaryKey({ name: "order_items_one_per_line", columns: [table.orderId, table.line] })],
);

/** Orders that were given back, once each. */
export const orderRefunds = pgTable("order_refunds", {
  id: uuid("id").primaryKey(),
  orderId: number("order_id").notNull(),
  customerId: uuid("customer_id").notNull(),
  amountCents: number("amount_cents").notNull(),
  balanceAfterCents: number("balance_after_cents").notNull(),
  /** False when the goods were on their way already: then only the money went back. */
  unitsReturned: boolean("units_returned").notNull(),
  reason: text("reason").notNull(),
  /** Null when the system itself gave it back, because the order could not be fulfilled. */
  actorId: uuid("actor_id"),
  idempotencyKey: text("idempotency_key").notNull(),
  fingerprint: text("fingerprint").notNull(),
  refundedAt: moment("refunded_at").notNull(),
});
