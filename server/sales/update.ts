import type { Sale, UpdateSaleInput } from "../../shared/sales.ts";
import { changeItems } from "./change-items.ts";
import { changeSale, type SaleServices } from "./change-sale.ts";
import { decideUpdate, updateDetails } from "./decide-update.ts";
import { returnDueLeftovers } from "./return-due-leftovers.ts";

/**
 * Changes a sale and its items; what is left out stays. What may change when is in `decide-update.ts`. All or nothing.
 *
 * @throws Fault NOT_FOUND, INVALID_INPUT, NOT_ALLOWED_NOW, INSUFFICIENT_STOCK, CHANGED_MEANWHILE
 */
export async function updateSale(services: SaleServices, actorId: string, input: UpdateSaleInput): Promise<Sale> {
  const wantsUnits = [...(input.items ?? []), ...(input.addItems ?? [])].some(({ stock }) => stock !== undefined);
  // The units may be those that an earlier sale, just over, has left.
  if (wantsUnits) await returnDueLeftovers(services);
  return changeSale(services, { ...input, actorId, action: "sales.update" }, async (sale, tx) => {
    const decision = decideUpdate(sale, input);
    if (!decision) return undefined;
    const addedIds = await changeItems(tx, sale, { ...decision, actorId });
    return { set: decision.set, details: updateDetails(sale, decision, addedIds) };
  });
}
