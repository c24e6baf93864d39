import { sql } from "drizzle-orm";
import { auditLog } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";

/**
 * Writes down who changed what, in the transaction of the change itself: either both stand or neither.
 *
 * @param entry.actorId null when the system itself acted
 * @param entry.action what was done, for example `sales.pause`
 * @param entry.subject what it was done to, for example `sale:12`
 * @param entry.details whatever helps to understand it later, for example the values before and after
 */
export async function recordAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.insert(auditLog).values({ ...entry, occurredAt: sql`statement_timestamp()` });
}

export interface AuditEntry {
  readonly actorId: string | null;
  readonly action: string;
  readonly subject: string;
  readonly outcome: "success" | "failure";
  readonly details: Record<string, unknown>;
}
