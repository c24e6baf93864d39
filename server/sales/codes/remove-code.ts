import { eq, sql } from "drizzle-orm";
import { accessCodes } from "../../../drizzle/schema/index.ts";
import type { AccessCode, RemoveCodeInput } from "../../../shared/access-codes.ts";
import { Fault } from "../../../shared/faults.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Database, Tx } from "../../database/database.ts";
import { CODE_COLUMNS, codeOf } from "./list-codes.ts";

/**
 * Takes a code away: it lets nobody in any more. Whoever it has let in stays. One that is removed already is answered as it is.
 *
 * @throws Fault NOT_FOUND
 */
export async function removeCode(database: Database, actorId: string, input: RemoveCodeInput): Promise<AccessCode> {
  return database.withTransaction((tx) => remove(tx, actorId, input), { name: "sales.removeCode" });
}

async function remove(tx: Tx, actorId: string, { codeId, reason }: RemoveCodeInput): Promise<AccessCode> {
  const ofCode = eq(accessCodes.id, codeId);
  const [row] = await tx
    .select({ ...CODE_COLUMNS, saleId: accessCodes.saleId })
    .from(accessCodes)
    .where(ofCode)
    .for("no key update");
  if (!row) throw new Fault("NOT_FOUND", `There is no access code with the id ${codeId}.`);
  const { saleId, ...code } = row;
  if (code.removedAt !== null) return codeOf(code);
  const [removed] = await tx
    .update(accessCodes)
    .set({ removedAt: sql`statement_timestamp()` })
    .where(ofCode)
    .returning(CODE_COLUMNS);
  if (!removed) throw new Error(`the locked access code ${codeId} is missing`);
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "sales.removeCode",
    subject: `sale:${saleId}`,
    details: { code: code.code, uses: code.uses, ...(reason !== undefined && { reason }) },
  });
  return codeOf(removed);
}
