import { sql } from "drizzle-orm";
import { auditLog } from "../../drizzle/schema/index.ts";
import type { AuditRecord } from "../../shared/audit.ts";
import type { Tx } from "../database/database.ts";

/** Writes down who changed what, in the transaction of the change itself: either both stand or neither. */
export async function recordAudit(tx: Tx, entry: AuditRecord): Promise<void> {
  await tx.insert(auditLog).values({ outcome: "success", ...entry, occurredAt: sql`statement_timestamp()` });
}
