import { sql } from "drizzle-orm";
import { auditLog } from "../../drizzle/schema/index.ts";
import type { AuditRecord } from "../../shared/audit.ts";
import type { Tx } from "../database/database.ts";
import { actingKey } from "../http/context.ts";

/** Writes down who changed what, in the transaction of the change itself: either both stand or neither. */
export async function recordAudit(tx: Tx, entry: AuditRecord): Promise<void> {
  const details = { ...entry.details, ...byKey() };
  await tx.insert(auditLog).values({ outcome: "success", ...entry, details, occurredAt: sql`statement_timestamp()` });
}

/** By which key an order was changed, where it was by one: the database's own function wrote down the rest. */
export async function recordKeyUse(
  tx: Tx,
  actorId: string,
  used: { subject: `order:${number}`; for: string },
): Promise<void> {
  if (!actingKey.getStore()) return;
  const { subject, ...details } = used;
  await recordAudit(tx, { actorKind: "person", actorId, action: "keys.use", subject, details });
}

/** Where a program did it, whose key that was: it acts for its owner, who is named as the actor. */
function byKey(): { key?: { id: string; name: string } } {
  const key = actingKey.getStore();
  return key ? { key: { id: key.id, name: key.name } } : {};
}
