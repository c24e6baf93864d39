import { and, desc, eq, inArray } from "drizzle-orm";
import { auditLog, users } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../database/times.ts";

/**
 * What an operator hears whose change was made for an earlier state: who changed it last, when and how, and what to send
 * once they have looked at that.
 *
 * @param changed.subjects as they stand in the audit log
 * @param changed.editsNow how many edits it has
 */
export async function changedMeanwhile(
  tx: Tx,
  { what, subjects, editsNow }: { what: string; subjects: readonly string[]; editsNow: number },
): Promise<Fault> {
  const [last] = await tx
    .select({ occurredAt: auditLog.occurredAt, action: auditLog.action, name: users.name, email: users.email })
    .from(auditLog)
    .innerJoin(users, eq(users.id, auditLog.actorId))
    .where(and(inArray(auditLog.subject, [...subjects]), eq(auditLog.outcome, "success")))
    .orderBy(desc(auditLog.occurredAt))
    .limit(1);
  const who = last
    ? `${last.name} (${last.email}) was the last to change ${what}, at ${isoTime(last.occurredAt)} (${last.action}).`
    : `Your change was made for another state of ${what}.`;
  return new Fault(
    "CHANGED_MEANWHILE",
    `${who} It is not as you saw it: look at it again. What you send after that carries edits: ${editsNow}.`,
  );
}
