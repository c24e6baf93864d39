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
import { products, warehouses } from "./catalogue.ts";
import { cents, identity, moment, number } from "./columns.ts";

/**
 * Baskets that were paid. Written by the SQL functions in `drizzle/functions`, and by nothing else. Never removed, and once
 * paid what was paid never changes.
 *
 * An order is stored before its inventory and its wallet are locked, and paid under their locks, in one transaction:
 * `paidAt` and `balanceAfterCents` are null in between, and never in an order that others can see.
 */
export const orders = pgTable(
  "orders",
  {
    id: identity(),
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
    amountCents: cents("amount_cents").notNull(),
    currency: text("currency").notNull().default("EUR"),
    balanceAfterCents: cents("balance_after_cents"),
    paidAt: moment("paid_at"),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
    updatedAt: moment("updated_at").notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    unique("orders_one_per_request").on(table.customerId, table.requestId),
    foreignKey({ name: "orders_of_a_customer", columns: [table.customerId], foreignColumns: [users.id] }),
    foreignKey({ name: "orders_from_a_warehouse", columns: [table.warehouseId], foreignColumns: [warehouses.id] }),
    check("orders_status_known", sql`status in ('pending', 'confirmed', 'rejected', 'refunded')`),
    check("orders_amount_not_negative", sql`amount_cents >= 0`),
    check("orders_balance_not_negative", sql`balance_after_cents >= 0`),
    check("orders_paid_with_balance", sql`num_nulls(paid_at, balance_after_cents) in (0, 2)`),
    index("orders_by_customer").on(table.customerId, table.id),
    index("orders_by_time").on(table.createdAt, table.id),
  ],
);

/** The lines of an order, as they were sent and as they were sold. Never changed. */
export const orderItems = pgTable(
  "order_items",
  {
    orderId: number("order_id").notNull(),
    /** From 1, in the order of the basket. */
    line: integer("line").notNull(),
    productId: number("product_id").notNull(),
    productName: text("product_name").notNull(),
    priceCents: cents("price_cents").notNull(),
    quantity: integer("quantity").notNull(),
  },
  (table) => [
    primaryKey({ name: "order_items_one_per_line", columns: [table.orderId, table.line] }),
    foreignKey({ name: "order_items_of_an_order", columns: [table.orderId], foreignColumns: [orders.id] }),
    foreignKey({ name: "order_items_of_a_product", columns: [table.productId], foreignColumns: [products.id] }),
    check("order_items_line_positive", sql`line > 0`),
    check("order_items_price_not_negative", sql`price_cents >= 0`),
    check("order_items_quantity_positive", sql`quantity > 0`),
    index("order_items_by_product").on(table.productId),
  ],
);

/** Orders that were given back, once each. Never changed. */
export const orderRefunds = pgTable(
  "order_refunds",
  {
    id: uuid("id").primaryKey(),
    orderId: number("order_id").notNull(),
    customerId: uuid("customer_id").notNull(),
    amountCents: cents("amount_cents").notNull(),
    balanceAfterCents: cents("balance_after_cents").notNull(),
    /** False when the goods were on their way already: then only the money went back. */
    unitsReturned: boolean("units_returned").notNull(),
    reason: text("reason").notNull(),
    /** Null when the system itself gave it back, because the order could not be fulfilled. */
    actorId: uuid("actor_id"),
    idempotencyKey: text("idempotency_key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    refundedAt: moment("refunded_at").notNull(),
  },
  (table) => [
    unique("order_refunds_one_per_order").on(table.orderId),
    unique("order_refunds_one_per_key").on(table.actorId, table.idempotencyKey),
    foreignKey({ name: "order_refunds_of_an_order", columns: [table.orderId], foreignColumns: [orders.id] }),
    foreignKey({ name: "order_refunds_to_a_customer", columns: [table.customerId], foreignColumns: [users.id] }),
    foreignKey({ name: "order_refunds_by_a_user", columns: [table.actorId], foreignColumns: [users.id] }),
    check("order_refunds_amount_not_negative", sql`amount_cents >= 0`),
    check("order_refunds_balance_not_negative", sql`balance_after_cents >= 0`),
    index("order_refunds_by_customer").on(table.customerId),
    index("order_refunds_by_time").on(table.refundedAt),
  ],
);
