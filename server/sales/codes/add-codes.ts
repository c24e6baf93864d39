import { eq, sql } from "drizzle-orm";
import { accessCodes, sales } from "../../../drizzle/schema/index.ts";
import type { AddCodesInput, AddCodesResult } from "../../../shared/access-codes.ts";
import { Fault } from "../../../shared/faults.ts";
import { randomCode } from "../../../shared/random-code.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Database, Tx } from "../../database/database.ts";
import { CODE_COLUMNS, codeOf } from "./list-codes.ts";

/**
 * Adds codes to a sale: those that are given, or as many random ones. Those that it has stay as they are, so that sending the
 * same list again adds nothing; one that was removed is back, with the uses that it had.
 *
 * @throws Fault NOT_FOUND
 */
export async function addCodes(database: Database, actorId: string, input: AddCodesInput): Promise<AddCodesResult> {
  return database.withTransaction((tx) => add(tx, actorId, input), { name: "sales.addCodes" });
}

async function add(tx: Tx, actorId: string, input: AddCodesInput): Promise<AddCodesResult> {
  const { saleId, usesMax, reason } = input;
  // Codes of one sale are added by one operator after the other, in whatever order each list is.
  const [sale] = await tx.select({ id: sales.id }).from(sales).where(eq(sales.id, saleId)).for("no key update");
  if (!sale) throw new Fault("NOT_FOUND", `There is no sale with the id ${saleId}.`);
  const codes = [...new Set(input.codes ?? Array.from({ length: input.random ?? 0 }, randomCode))];
  const rows = await tx
    .insert(accessCodes)
    .values(codes.map((code) => ({ saleId, code, usesMax, createdAt: sql<string>`statement_timestamp()` })))
    .onConflictDoUpdate({
      target: [accessCodes.saleId, accessCodes.code],
      set: { removedAt: null },
      setWhere: sql`${accessCodes.removedAt} is not null`,
    })
    .returning(CODE_COLUMNS);
  const added = rows.map(codeOf);
  const names = new Set(added.map(({ code }) => code));
  if (added.length > 0) {
    await recordAudit(tx, {
      actorKind: "person",
      actorId,
      action: "sales.addCodes",
      subject: `sale:${saleId}`,
      details: { codes: [...names], usesMax, ...(reason !== undefined && { reason }) },
    });
  }
  return { added, known: codes.filter((code) => !names.has(code)) };
}
