import { salePauses } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { ChangeSaleInput, Sale, SaleStatus } from "../../shared/sales.ts";
import { changeSale, type SaleServices } from "./change-sale.ts";

/**
 * Stops a live sale from selling until it is resumed. No purchase is decided after the moment that is stored as the
 * start of the pause. A paused sale is answered as it is.
 *
 * @throws Fault NOT_FOUND, CHANGED_MEANWHILE; NOT_ALLOWED_NOW unless the sale is live or paused
 */
export async function pauseSale(services: SaleServices, actorId: string, input: ChangeSaleInput): Promise<Sale> {
  return changeSale(services, { ...input, actorId, action: "sales.pause" }, async (sale, tx) => {
    if (sale.status === "paused") return undefined;
    if (sale.status !== "live") throw new Fault("NOT_ALLOWED_NOW", WHY_NOT[sale.status]);

    await tx.insert(salePauses).values({ saleId: sale.id, pausedAt: sale.now });
    return { set: { pausedAt: sale.now }, details: { before: "live", after: "paused", pausedAt: sale.now } };
  });
}

const WHY_NOT: Record<Exclude<SaleStatus, "live" | "paused">, string> = {
  scheduled: "The sale has not started yet, so there is nothing to pause.",
  ended: "The sale is over, so there is nothing to pause.",
  cancelled: "The sale was cancelled, so there is nothing to pause.",
};
