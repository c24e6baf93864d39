import { stockAdjustments } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { insertItems } from "./insert-items.ts";
import type { Offer } from "./make-offers.ts";
import { takeUnits } from "./take-units.ts";

/**
 * Gives a sale items, whose units are taken out of the inventory, all of them or none. Locks as `lockInventory` says.
 *
 * @param offers at least one
 * @returns the ids of the items in the order of their ordinals
 * @throws Fault INSUFFICIENT_STOCK
 */
export async function addItems(
  tx: Tx,
  offers: readonly (Offer & { readonly ordinal: number })[],
  { saleId, actorId, now }: { saleId: number; actorId: string | null; now: string },
): Promise<number[]> {
  const inOrder = offers.toSorted((a, b) => a.ordinal - b.ordinal);
  const itemIds = await insertItems(
    tx,
    inOrder.map((offer) => ({ ...offer, saleId })),
  );
  const allotments = inOrder.flatMap(({ productId, warehouseId, allotted: units }, index) => {
    return units > 0 ? [{ itemId: itemIds[index] ?? 0, productId, warehouseId, units }] : [];
  });
  await takeUnits(tx, allotments, { reason: "For a sale", fingerprint: `sale=${saleId}`, actorId, now });
  if (allotments.length > 0) {
    await tx.insert(stockAdjustments).values(allotments.map((allotment) => firstAllotment(allotment, actorId, now)));
  }
  return itemIds;
}

function firstAllotment({ itemId, units }: { itemId: number; units: number }, actorId: string | null, now: string) {
  return {
    id: newUuid(),
    itemId,
    change: units,
    allottedAfter: units,
    remainingAfter: units,
    reason: "allotted",
    actorId,
    idempotencyKey: newUuid(),
    fingerprint: `item=${itemId}&change=${units}&reason=allotted`,
    adjustedAt: now,
  };
}
