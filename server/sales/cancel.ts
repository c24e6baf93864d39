import { Fault } from "../../shared/faults.ts";
import type { Sale } from "../../shared/sales.ts";
import type { Services } from "../services.ts";
import { changeSale } from "./change-sale.ts";

/**
 * Ends a sale for good, before or while it sells. What was bought stays bought. A cancelled sale is answered as it is.
 *
 * @throws Fault NOT_FOUND; NOT_ALLOWED_NOW when the sale is over
 */
export async function cancelSale(
  services: Pick<Services, "database" | "liveSales">,
  actorId: string,
  saleId: number,
): Promise<Sale> {
  return changeSale(services, { actorId, saleId, action: "sales.cancel" }, (sale) => {
    if (sale.status === "cancelled") return undefined;
    if (sale.status === "ended") throw new Fault("NOT_ALLOWED_NOW", "The sale is over and cannot be cancelled.");

    return {
      set: { cancelledAt: sale.now },
      details: { before: sale.status, after: "cancelled", cancelledAt: sale.now },
    };
  });
}
