import type { BuyInput, PurchaseResult } from "../../shared/purchases.ts";
import type { Services } from "../services.ts";

/**
 * Buys for the signed-in user, once per key. Every way in comes through here, so that all share one limit. A duplicate
 * of a request that waits in line right now costs nothing of the limit: an impatient finger is not a crowd.
 *
 * @throws Fault RATE_LIMITED, and what `PurchaseDesk.buy` throws
 */
export async function buy(
  { purchaseDesk, limits }: Pick<Services, "purchaseDesk" | "limits">,
  userId: string,
  input: BuyInput,
): Promise<PurchaseResult> {
  const request = { ...input, userId };
  if (!purchaseDesk.isWaiting(request)) limits.takePurchaseToken(userId);
  return purchaseDesk.buy(request);
}
