import { and, desc, eq } from "drizzle-orm";
import { purchaseAttempts } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Purchase } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { readPurchases } from "./read-purchases.ts";

/**
 * One of the buyer's own purchases as it stands. Somebody else's is answered like one that does not exist: operators have
 * `purchases.list`.
 *
 * @throws Fault NOT_FOUND
 */
export async function purchaseById(database: Database, buyerId: string, purchaseId: string): Promise<Purchase> {
  const [row] = await readPurchases(database, {
    where: and(eq(purchaseAttempts.id, purchaseId), eq(purchaseAttempts.userId, buyerId)),
    orderBy: desc(purchaseAttempts.id),
    limit: 1,
  });
  if (!row) throw new Fault("NOT_FOUND", `There is no purchase ${purchaseId}.`);
  const { userId, idempotencyKey, refundedBy, ...purchase } = row;
  return purchase;
}
