import { Fault } from "../../shared/faults.ts";
import type { ChangeSaleInput, Sale } from "../../shared/sales.ts";
import { changeSale, type SaleServices } from "./change-sale.ts";
import { moveToInventory, returnedDetails } from "./move-to-inventory.ts";

/**
 * Ends a sale for good, before or while it sells. What was bought stays bought; what is left goes back to the inventory.
 * A cancelled sale is answered as it is.
 *
 * @throws Fault NOT_FOUND, CHANGED_MEANWHILE; NOT_ALLOWED_NOW when the sale is over
 */
export async function cancelSale(services: SaleServices, actorId: string, input: ChangeSaleInput): Promise<Sale> {
  return changeSale(services, { ...input, actorId, action: "sales.cancel" }, async (sale, tx) => {
    if (sale.status === "cancelled") return undefined;
    if (sale.status === "ended") throw new Fault("NOT_ALLOWED_NOW", "The sale is over and cannot be cancelled.");

    const leftovers = sale.items.filter((item) => item.remaining > 0);
    await moveToInventory(tx, leftovers, { actorId, now: sale.now });
    return {
      set: { cancelledAt: sale.now, leftoversReturnedAt: sale.now },
      details: {
        before: sale.status,
        after: "cancelled",
        cancelledAt: sale.now,
        returned: returnedDetails(leftovers),
      },
    };
  });
}
