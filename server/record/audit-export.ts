import type { RecordKind } from "../../shared/record.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database } from "../database/database.ts";
import { type Actor, byActor } from "../http/context.ts";

/**
 * Writes down who takes which file with which filter, before its first byte: it leaves the shop with people's data in it. How
 * many rows it has is not written down: records only grow, so the same filter up to this time finds them again.
 */
export function auditExport(database: Database, actor: Actor, { kind, filter }: Exported): Promise<void> {
  return byActor(actor, ({ userId }) =>
    database.withTransaction(
      (tx) =>
        recordAudit(tx, {
          actorKind: "person",
          actorId: userId,
          action: "record.export",
          subject: `export:${kind}`,
          details: filter,
        }),
      { name: "record.export" },
    ),
  );
}

interface Exported {
  readonly kind: RecordKind;
  readonly filter: Record<string, unknown>;
}
