import { and, eq, isNull, sql } from "drizzle-orm";
import { salePauses } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { ChangeSaleInput, Sale, SaleStatus } from "../../shared/sales.ts";
import { changeSale, type SaleServices } from "./change-sale.ts";

/**
 * Lets a paused sale sell again. A live sale is answered as it is.
 *
 * @throws Fault NOT_FOUND, CHANGED_MEANWHILE; NOT_ALLOWED_NOW unless the sale is paused or live
 */
export async function resumeSale(services: SaleServices, actorId: string, input: ChangeSaleInput): Promise<Sale> {
  return changeSale(services, { ...input, actorId, action: "sales.resume" }, async (sale, tx) => {
    if (sale.status === "live") return undefined;
    if (sale.status !== "paused") throw new Fault("NOT_ALLOWED_NOW", WHY_NOT[sale.status]);

    await tx
      .update(salePauses)
      // Not before its start, should the database's clock have been set back in the meantime.
      .set({ resumedAt: sql`greatest(${salePauses.pausedAt}, ${sale.now}::timestamptz)` })
      .where(and(eq(salePauses.saleId, sale.id), isNull(salePauses.resumedAt)));
    return { set: { pausedAt: null }, details: { before: "paused", after: "live", resumedAt: sale.now } };
  });
}

const WHY_NOT: Record<Exclude<SaleStatus, "live" | "paused">, string> = {
  scheduled: "The sale has not started yet, so there is nothing to resume.",
  ended: "The sale is over and cannot be resumed.",
  cancelled: "The sale was cancelled and cannot be resumed.",
};
