import { sql } from "drizzle-orm";
import { Fault } from "../../../shared/faults.ts";
import { recordAudit } from "../../audit/record.ts";
import type { OperationsServices } from "../services.ts";
import { rehearsalById } from "./read-rehearsals.ts";

/**
 * Removes a rehearsal that has ended, with its report and whatever is left of its store. The audit log keeps that it was.
 *
 * @throws Fault NOT_FOUND; NOT_ALLOWED_NOW while it runs, or while its store cannot be dropped
 */
export async function deleteRehearsal(
  { database, rehearsals: runner, onError }: Pick<OperationsServices, "database" | "rehearsals" | "onError">,
  actorId: string,
  rehearsalId: number,
): Promise<{ rehearsalId: number }> {
  const { saleId, endedAt } = await rehearsalById(database, rehearsalId);
  if (endedAt === null) throw new Fault("NOT_ALLOWED_NOW", "This rehearsal is under way: stop it first.");
  await runner.sweep().catch((error: unknown) => onError?.(error));
  await database.withTransaction(
    async (tx) => {
      const gone = await tx.execute(sql`
        delete from rehearsals where id = ${rehearsalId} and store_dropped_at is not null returning 1
      `);
      if (gone.length === 0) throw new Fault("NOT_ALLOWED_NOW", "Its store is still there: try again in a moment.");
      await recordAudit(tx, {
        actorKind: "person",
        actorId,
        action: "operations.deleteRehearsal",
        subject: `rehearsal:${rehearsalId}`,
        details: { saleId },
      });
    },
    { name: "operations.deleteRehearsal" },
  );
  return { rehearsalId };
}
