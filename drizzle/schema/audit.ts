import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { identity, moment } from "./columns.ts";

/** Who changed what. Purchases are not here: each attempt is its own audit entry. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: identity(),
    occurredAt: moment("occurred_at").notNull(),
    /** Null when the system itself acted. */
    actorId: uuid("actor_id"),
    /** What was done, for example `sales.pause`. */
    action: text("action").notNull(),
    /** What it was done to, for example `sale:12`. */
    subject: text("subject").notNull(),
    outcome: text("outcome", { enum: ["success", "failure"] }).notNull(),
    details: jsonb("details").$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [
    check("audit_log_outcome_known", sql`outcome in ('success', 'failure')`),
    // What is asked of it, newest first: by whom, what, to what, when, and everything that failed.
    index("audit_log_by_time").on(table.occurredAt, table.id),
    index("audit_log_by_actor").on(table.actorId, table.id),
    index("audit_log_by_action").on(table.action, table.id),
    index("audit_log_by_subject").on(table.subject, table.id),
    index("audit_log_failures").on(table.id).where(sql`outcome = 'failure'`),
  ],
);
