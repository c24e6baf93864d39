import { sql } from "drizzle-orm";
import { recordAudit } from "../../audit/record.ts";
import type { OperationsServices } from "../services.ts";
import { rehearsalById } from "./read-rehearsals.ts";

/**
 * Asks a rehearsal to stop, through whichever start it runs: it does within a second, and tells what came of it until then. One
 * that has ended stays as it is.
 *
 * @throws Fault NOT_FOUND
 */
export async function stopRehearsal(
  { database }: Pick<OperationsServices, "database">,
  actorId: string,
  rehearsalId: number,
): Promise<{ changed: boolean }> {
  const changed = await database.withTransaction(
    async (tx) => {
      const asked = await tx.execute(sql`
        update rehearsals set stop_asked_at = statement_timestamp()
        where id = ${rehearsalId} and ended_at is null and stop_asked_at is null
        returning 1
      `);
      if (asked.length === 0) return false;
      const subject = `rehearsal:${rehearsalId}` as const;
      await recordAudit(tx, {
        actorKind: "person",
        actorId,
        action: "operations.stopRehearsal",
        subject,
        details: {},
      });
      return true;
    },
    { name: "operations.stopRehearsal" },
  );
  if (!changed) await rehearsalById(database, rehearsalId);
  return { changed };
}
