import { type AnyColumn, and, desc, eq, gte, like, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { auditLog } from "../../drizzle/schema/index.ts";
import type { AuditEntry, ListAuditInput } from "../../shared/audit.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { isoTime, storedTimeSchema } from "../database/times.ts";

/**
 * Who did what to what, newest first. Filters hold together.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listAudit(database: Database, input: ListAuditInput): Promise<Page<AuditEntry>> {
  const { actorKind, actorId, action, subject, outcome, from, to } = input;
  const [beforeTime, beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const { id, occurredAt } = auditLog;
  const rows = await database.db
    .select()
    .from(auditLog)
    .where(
      and(
        actorKind === undefined ? undefined : eq(auditLog.actorKind, actorKind),
        // In the words of its index.
        actorKind === undefined || actorKind === "person" ? undefined : sql`${auditLog.actorKind} <> 'person'`,
        actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
        action === undefined ? undefined : matches(auditLog.action, action),
        subject === undefined ? undefined : matches(auditLog.subject, subject),
        outcome === undefined ? undefined : eq(auditLog.outcome, outcome),
        from === undefined ? undefined : gte(occurredAt, from),
        to === undefined ? undefined : lt(occurredAt, to),
        beforeTime === undefined
          ? undefined
          : sql`(${occurredAt}, ${id}) < (${beforeTime}::timestamptz, ${beforeId}::bigint)`,
      ),
    )
    .orderBy(desc(occurredAt), desc(id))
    .limit(input.limit + 1);
  const { items, nextCursor } = page(rows, input.limit, (row) => encodeCursor([row.occurredAt, row.id]));
  return { items: items.map((row) => ({ ...row, occurredAt: isoTime(row.occurredAt) })), nextCursor };
}

const cursorSchema = z.tuple([storedTimeSchema, z.int()]);

/** A word, or all that begin with it where it ends in `*`. */
function matches(column: AnyColumn, word: string): SQL {
  if (!word.endsWith("*")) return eq(column, word);
  return like(column, `${word.slice(0, -1).replace(/[\\%_]/g, "\\$&")}%`);
}
