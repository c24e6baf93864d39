import { Fault } from "../../shared/faults.ts";
import type { Purchase } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { listPurchases, ofBuyer } from "./list.ts";

/**
 * One of the buyer's own purchases as it stands. Somebody else's is answered like one that does not exist: operators have
 * `purchases.list`.
 *
 * @throws Fault NOT_FOUND
 */
export async function purchaseById(database: Database, buyerId: string, purchaseId: string): Promise<Purchase> {
  const { items } = await listPurchases(database, { userId: buyerId, purchaseId, limit: 1 });
  if (!items[0]) throw new Fault("NOT_FOUND", `There is no purchase ${purchaseId}.`);
  return ofBuyer(items[0]);
}
