import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  pgView,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { REFUSAL_CODES } from "../../shared/refusals.ts";
import { MOVEMENT_KINDS } from "../../shared/wallets.ts";
import { users } from "./accounts.ts";
import { cents, moment, number } from "./columns.ts";
import { items } from "./sales.ts";

/** Every user has one from the first moment. They are never removed. */
export const wallets = pgTable(
  "wallets",
  {
    userId: uuid("user_id").primaryKey(),
    balanceCents: cents("balance_cents").notNull().default(0),
    currency: text("currency").notNull().default("EUR"),
  },
  (table) => [
    foreignKey({ name: "wallets_of_a_user", columns: [table.userId], foreignColumns: [users.id] }),
    check("wallets_balance_not_negative", sql`balance_cents >= 0`),
  ],
);

/**
 * Every request to buy that reached a decision, bought or refused: the record of the attempt, the idempotency
 * record, the movement of money and the audit entry in one row, kept for ever and never changed.
 *
 * It has no foreign keys: a purchase pays for every check that is made row by row while its item is locked, and two of them
 * cost as much as half of all the rest, because each looks its row up and locks it anew. The transaction that inserts an
 * attempt has locked the item and read the customer just before. What the keys would guard besides is guarded from the other
 * side: users and items can never be removed. `reconcile` looks for attempts that name nobody or nothing.
 */
export const purchaseAttempts = pgTable(
  "purchase_attempts",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id").notNull(),
    itemId: number("item_id").notNull(),
    quantity: integer("quantity").notNull(),
    /** What stands for the buyer's key, in 16 bytes however long that is: `server/purchases/stored.ts`. */
    idempotencyKey: uuid("idempotency_key").notNull(),
    /** Null when bought; otherwise why not, with the sentence that the buyer was given. */
    refusalCode: text("refusal_code", { enum: REFUSAL_CODES }),
    refusalMessage: text("refusal_message"),
    amountCents: cents("amount_cents"),
    balanceAfterCents: cents("balance_after_cents"),
    remainingAfter: integer("remaining_after"),
    position: number("position"),
    decidedAt: moment("decided_at").notNull(),
  },
  (table) => [
    unique("purchase_attempts_one_per_key").on(table.userId, table.idempotencyKey),
    check("purchase_attempts_quantity_positive", sql`quantity > 0`),
    check(
      "purchase_attempts_bought_or_refused",
      sql`case when refusal_code is null
        then refusal_message is null and amount_cents > 0 and balance_after_cents >= 0
          and remaining_after >= 0 and position > 0
        else refusal_message is not null
          and num_nonnulls(amount_cents, balance_after_cents, remaining_after, position) = 0
      end`,
    ),
    uniqueIndex("purchase_attempts_position_once").on(table.itemId, table.position).where(sql`position is not null`),
    // A buyer's purchases: for their own list, and counted against the limit per customer.
    index("purchase_attempts_bought_by_user").on(table.userId, table.id).where(sql`position is not null`),
    // Says of each stretch of the table from when to when its rows are, rather than where each row is: an entry for each would
    // cost as much as the purchase. For those who read what was decided in a time: the chain.
    index("purchase_attempts_by_time").using("brin", table.decidedAt).with({ autosummarize: "on" }),
  ],
);

/** Purchases that were given back, once each. Never changed. */
export const refunds = pgTable(
  "refunds",
  {
    id: uuid("id").primaryKey(),
    purchaseId: uuid("purchase_id").notNull(),
    userId: uuid("user_id").notNull(),
    itemId: number("item_id").notNull(),
    quantity: integer("quantity").notNull(),
    amountCents: cents("amount_cents").notNull(),
    balanceAfterCents: cents("balance_after_cents").notNull(),
    remainingAfter: integer("remaining_after").notNull(),
    /** False when the goods were on their way already: then only the money went back. */
    unitsReturned: boolean("units_returned").notNull().default(true),
    /** Null where nobody gave one. */
    reason: text("reason"),
    /** Null when the system itself refunds what the warehouse refuses. */
    actorId: uuid("actor_id"),
    idempotencyKey: text("idempotency_key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    refundedAt: moment("refunded_at").notNull(),
  },
  (table) => [
    unique("refunds_one_per_purchase").on(table.purchaseId),
    unique("refunds_one_per_key").on(table.actorId, table.idempotencyKey),
    foreignKey({
      name: "refunds_of_a_purchase",
      columns: [table.purchaseId],
      foreignColumns: [purchaseAttempts.id],
    }),
    foreignKey({ name: "refunds_to_a_user", columns: [table.userId], foreignColumns: [users.id] }),
    foreignKey({ name: "refunds_by_a_user", columns: [table.actorId], foreignColumns: [users.id] }),
    foreignKey({ name: "refunds_of_an_item", columns: [table.itemId], foreignColumns: [items.id] }),
    check("refunds_quantity_positive", sql`quantity > 0`),
    check("refunds_amount_positive", sql`amount_cents > 0`),
    check("refunds_balance_not_negative", sql`balance_after_cents >= 0`),
    index("refunds_by_user").on(table.userId),
    index("refunds_by_item").on(table.itemId),
    index("refunds_by_time").on(table.refundedAt),
  ],
);

/** Money that came into a wallet from outside: at its opening, by the buyer's top-up, or given by an operator. Never changed. */
export const credits = pgTable(
  "credits",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id").notNull(),
    kind: text("kind", { enum: ["opening", "top_up", "credit"] }).notNull(),
    amountCents: cents("amount_cents").notNull(),
    balanceAfterCents: cents("balance_after_cents").notNull(),
    reason: text("reason").notNull(),
    /** Who asked for it: the buyer of a top-up, the operator of a credit; null for an opening balance. */
    actorId: uuid("actor_id"),
    idempotencyKey: text("idempotency_key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    creditedAt: moment("credited_at").notNull(),
  },
  (table) => [
    unique("credits_one_per_key").on(table.actorId, table.idempotencyKey),
    foreignKey({ name: "credits_to_a_user", columns: [table.userId], foreignColumns: [users.id] }),
    foreignKey({ name: "credits_by_a_user", columns: [table.actorId], foreignColumns: [users.id] }),
    check("credits_kind_known", sql`kind in ('opening', 'top_up', 'credit')`),
    check("credits_amount_positive", sql`amount_cents > 0`),
    check("credits_balance_not_negative", sql`balance_after_cents >= 0`),
    uniqueIndex("credits_one_opening").on(table.userId).where(sql`kind = 'opening'`),
    index("credits_by_user").on(table.userId),
    index("credits_by_time").on(table.creditedAt),
  ],
);

/**
 * The ledger: every movement of money with where it came from and where it went, read from the rows above. All are named by
 * a UUID; an order's number as one cannot meet any other, whose version is not 0.
 */
export const movements = pgView("movements", {
  id: uuid("id").notNull(),
  kind: text("kind", { enum: MOVEMENT_KINDS }).notNull(),
  userId: uuid("user_id").notNull(),
  fromAccount: text("from_account", { enum: ["wallet", "revenue", "funding"] }).notNull(),
  toAccount: text("to_account", { enum: ["wallet", "revenue", "funding"] }).notNull(),
  amountCents: cents("amount_cents").notNull(),
  balanceAfterCents: cents("balance_after_cents").notNull(),
  itemId: number("item_id"),
  reason: text("reason"),
  movedAt: moment("moved_at").notNull(),
  orderId: number("order_id"),
}).as(sql`
  select id, 'purchase' as kind, user_id, 'wallet' as from_account, 'revenue' as to_account,
    amount_cents, balance_after_cents, item_id, null::text as reason, decided_at as moved_at, null::bigint as order_id
  from purchase_attempts
  where position is not null
  union all
  select id, 'refund', user_id, 'revenue', 'wallet',
    amount_cents, balance_after_cents, item_id, null, refunded_at, null
  from refunds
  union all
  select id, kind, user_id, 'funding', 'wallet',
    amount_cents, balance_after_cents, null, reason, credited_at, null
  from credits
  union all
  select lpad(to_hex(id), 32, '0')::uuid, 'order', customer_id, 'wallet', 'revenue',
    amount_cents, balance_after_cents, null, 'Order ' || id, paid_at, id
  from orders
  where paid_at is not null
  union all
  select id, 'order_refund', customer_id, 'revenue', 'wallet',
    amount_cents, balance_after_cents, null, 'Order ' || order_id, refunded_at, order_id
  from order_refunds
`);
