import { readClock } from "../database/clock.ts";
import type { Tx } from "../database/database.ts";
import { type InventoryChange, totalsByPlace } from "./change-inventory.ts";
import { lockInventory } from "./lock-inventory.ts";
import { receiveUnits } from "./receive-units.ts";

/**
 * Puts units into the inventory that were sold and whose money went back, and that turn out never to have left the
 * warehouse: a receipt for which nothing is to be brought there.
 */
export async function returnToInventory(
  tx: Tx,
  changes: readonly InventoryChange[],
  { reason, fingerprint }: { reason: string; fingerprint: string },
): Promise<void> {
  const totals = totalsByPlace(changes);
  await lockInventory(tx, totals);
  const { now } = await readClock(tx);
  await receiveUnits(tx, totals, { reason, fingerprint, actorId: null, now, onHandAlready: true });
}
