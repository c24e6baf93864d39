import { bigint, boolean, integer, pgTable, pgView, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { REFUSAL_CODES } from "../../shared/refusals.ts";
import { MOVEMENT_KINDS } from "../../shared/wallets.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const cents = (name: string) => bigint(name, { mode: "number" });

export const wallets = pgTable("wallets", {
  userId: uuid("user_id").primaryKey(),
  balanceCents: cents("balance_cents").notNull().default(0),
  currency: text("currency").notNull(),
});

/**
 * Every request to buy that reached a decision, bought or refused: the record of the attempt, the idempotency
 * record, the movement of money and the audit entry in one row, kept for ever and never changed.
 */
export const purchaseAttempts = pgTable("purchase_attempts", {
  id: uuid("id").primaryKey(),
  userId: uuid("user_id").notNull(),
  itemId: bigint("item_id", { mode: "number" }).notNull(),
  quantity: integer("quantity").notNull(),
  /** What stands for the buyer's key: `server/purchases/stored-key.ts`. */
  idempotencyKey: uuid("idempotency_key").notNull(),
  /** Null when bought; otherwise why not, with the sentence that the buyer was given. */
  refusalCode: text("refusal_code", { enum: REFUSAL_CODES }),
  refusalMessage: text("refusal_message"),
  amountCents: cents("amount_cents"),
  balanceAfterCents: cents("balance_after_cents"),
  remainingAfter: integer("remaining_after"),
  position: bigint("position", { mode: "number" }),
  decidedAt: moment("decided_at").notNull(),
});

export const refunds = pgTable("refunds", {
  id: uuid("id").primaryKey(),
  purchaseId: uuid("purchase_id").notNull(),
  userId: uuid("user_id").notNull(),
  itemId: bigint("item_id", { mode: "number" }).notNull(),
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
});

/** Money that came into a wallet from outside: at its opening, by the buyer's top-up, or given by an operator. */
export const credits = pgTable("credits", {
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
});

/** The ledger: every movement of money with where it came from and where it went, read from the rows above. */
export const movements = pgView("movements", {
  id: uuid("id").notNull(),
  kind: text("kind", { enum: MOVEMENT_KINDS }).notNull(),
  userId: uuid("user_id").notNull(),
  fromAccount: text("from_account", { enum: ["wallet", "revenue", "funding"] }).notNull(),
  toAccount: text("to_account", { enum: ["wallet", "revenue", "funding"] }).notNull(),
  amountCents: cents("amount_cents").notNull(),
  balanceAfterCents: cents("balance_after_cents").notNull(),
  itemId: bigint("item_id", { mode: "number" }),
  reason: text("reason"),
  movedAt: moment("moved_at").notNull(),
  orderId: bigint("order_id", { mode: "number" }),
}).existing();
