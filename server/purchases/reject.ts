import type { Tx } from "../database/database.ts";
import { returnToInventory } from "../sales/inventory.ts";
import { lockTask } from "../tasks/lock-task.ts";
import { findPurchase, findRefund, giveBack, lockItem } from "./give-back.ts";

/**
 * Gives a purchase back that the warehouse has refused for good: its money is in the wallet, and its units are for sale again,
 * or in the inventory when the sale is over. Where the money went back before, the units go to the inventory: they never left
 * the warehouse.
 *
 * To be called in the transaction that completes the purchase's dispatch, which makes it happen once.
 *
 * @param reason the buyer reads it
 * @returns the sale whose stock has risen
 */
export async function rejectPurchase(tx: Tx, purchaseId: string, reason: string): Promise<number | undefined> {
  const purchase = await findPurchase(tx, purchaseId);
  if (!purchase) throw new Error(`the purchase ${purchaseId} that was to be dispatched is missing`);
  const item = await lockItem(tx, purchase.itemId);
  await lockTask(tx, purchaseId);
  const refund = await findRefund(tx, purchaseId);
  if (refund) {
    if (refund.unitsReturned)
      throw new Error(`the units of purchase ${purchaseId} went back before, and yet it was dispatched`);
    const { warehouseId, productId } = item;
    await returnToInventory(tx, [{ warehouseId, productId, units: purchase.quantity }], {
      reason: "A purchase was refunded, then refused by the warehouse",
      fingerprint: `purchase=${purchaseId}`,
    });
    return undefined;
  }
  await giveBack(tx, purchase, item, {
    actorId: null,
    idempotencyKey: `refused-${purchaseId}`,
    reason,
    unitsReturned: true,
  });
  return item.saleId;
}
