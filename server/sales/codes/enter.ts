import { and, eq, isNull, sql } from "drizzle-orm";
import { accessCodes, saleAdmissions, sales } from "../../../drizzle/schema/index.ts";
import {
  ENTER_REFUSALS,
  type EnterInput,
  type EnterRefusalCode,
  type EnterResult,
} from "../../../shared/access-codes.ts";
import { Fault } from "../../../shared/faults.ts";
import { readClock } from "../../database/clock.ts";
import type { Database, Tx } from "../../database/database.ts";
import type { Limits } from "../../http/rate-limits.ts";
import { SALE_TIMES } from "../read-sales.ts";
import { saleStatusAt } from "../sale-status.ts";

/**
 * Lets a buyer into a sale by a code, once: whoever is in already is told so, whatever they enter, and no use is counted. The
 * lock of the code's row orders all who enter it, so it lets in as many as it may. A code of another sale is answered as one
 * that there is not.
 *
 * @throws Fault NOT_FOUND for an unknown sale; RATE_LIMITED, so that codes cannot be guessed
 */
export async function enterSale(
  { database, limits }: EnterServices,
  buyer: Buyer,
  input: EnterInput,
): Promise<EnterResult> {
  limits.takeAccessCodeToken(buyer);
  return database.withTransaction((tx) => enter(tx, buyer.userId, input), { name: "sales.enter" });
}

export interface EnterServices {
  readonly database: Database;
  readonly limits: Pick<Limits, "takeAccessCodeToken">;
}

interface Buyer {
  readonly userId: string;
  readonly address: string;
}

async function enter(tx: Tx, userId: string, { saleId, code }: EnterInput): Promise<EnterResult> {
  const admitted = and(eq(saleAdmissions.userId, userId), eq(saleAdmissions.saleId, saleId));
  const isIn = async () => (await tx.select().from(saleAdmissions).where(admitted)).length > 0;
  if (await isIn()) return { outcome: "admitted", replayed: true };
  const [sale] = await tx.select(SALE_TIMES).from(sales).where(eq(sales.id, saleId));
  if (!sale) throw new Fault("NOT_FOUND", `There is no sale with the id ${saleId}.`);

  const [row] = await tx
    .select({ id: accessCodes.id, uses: accessCodes.uses, usesMax: accessCodes.usesMax })
    .from(accessCodes)
    .where(and(eq(accessCodes.saleId, saleId), eq(accessCodes.code, code), isNull(accessCodes.removedAt)))
    .for("no key update");
  const { now, nowMs } = await readClock(tx);
  const status = saleStatusAt(sale, nowMs);
  if (status === "ended" || status === "cancelled") return refused("SALE_OVER");
  if (!row) return refused("CODE_UNKNOWN");

  // Whoever enters twice at once is let in by one of both.
  if (await isIn()) return { outcome: "admitted", replayed: true };
  if (row.usesMax !== null && row.uses >= row.usesMax) return refused("CODE_USED_UP");
  const inserted = await tx
    .insert(saleAdmissions)
    .values({ userId, saleId, codeId: row.id, admittedAt: now })
    .onConflictDoNothing()
    .returning({ saleId: saleAdmissions.saleId });
  if (inserted.length > 0) {
    await tx
      .update(accessCodes)
      .set({ uses: sql`${accessCodes.uses} + 1` })
      .where(eq(accessCodes.id, row.id));
  }
  return { outcome: "admitted", replayed: inserted.length === 0 };
}

function refused(code: EnterRefusalCode): EnterResult {
  return { outcome: "refused", code, message: ENTER_REFUSALS[code] };
}
