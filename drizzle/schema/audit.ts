import { bigint, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** Who changed what. Purchases are not here: each attempt is its own audit entry. */
export const auditLog = pgTable("audit_log", {
  id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  occurredAt: timestamp("occurred_at", { withTimezone: true, mode: "string" }).notNull(),
  /** Null when the system itself acted. */
  actorId: uuid("actor_id"),
  /** What was done, for example `sales.pause`. */
  action: text("action").notNull(),
  /** What it was done to, for example `sale:12`. */
  subject: text("subject").notNull(),
  outcome: text("outcome", { enum: ["success", "failure"] }).notNull(),
  details: jsonb("details").$type<Record<string, unknown>>().notNull().default({}),
});
