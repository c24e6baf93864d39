import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { AUDIT_ACTOR_KINDS, AUDIT_OUTCOMES, type AuditAction } from "../../shared/audit.ts";
import { identity, moment } from "./columns.ts";

/** Who changed what. Purchases are not here: each attempt is its own audit entry. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: identity(),
    occurredAt: moment("occurred_at").notNull(),
    actorKind: text("actor_kind", { enum: AUDIT_ACTOR_KINDS }).notNull(),
    /** Of a person; null in the order of nobody, too, which is refused. */
    actorId: uuid("actor_id"),
    action: text("action").$type<AuditAction>().notNull(),
    /** What it was done to, for example `sale:12`. */
    subject: text("subject").notNull(),
    outcome: text("outcome", { enum: AUDIT_OUTCOMES }).notNull(),
    details: jsonb("details").$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [
    check("audit_log_actor_known", sql`actor_kind in ('person', 'system', 'cli')`),
    check("audit_log_only_persons_have_ids", sql`actor_kind = 'person' or actor_id is null`),
    check("audit_log_outcome_known", sql`outcome in ('success', 'failure')`),
    // What is asked of it, newest first: by whom, what, to what, when, and everything that failed.
    index("audit_log_by_time").on(table.occurredAt, table.id),
    index("audit_log_by_actor").on(table.actorId, table.id),
    // Nearly all is done by persons, which gets no entry.
    index("audit_log_not_by_persons").on(table.occurredAt, table.id).where(sql`actor_kind <> 'person'`),
    index("audit_log_by_action").on(table.action, table.id),
    index("audit_log_by_subject").on(table.subject, table.id),
    index("audit_log_failures").on(table.id).where(sql`outcome = 'failure'`),
  ],
);
