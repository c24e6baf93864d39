import type { BuyInput, PurchaseResult } from "../../shared/purchases.ts";
import type { Services } from "../services.ts";

/**
 * Buys for a user, within their limit of purchases. A duplicate of a request that waits in line right now costs nothing:
 * it is the same purchase, asked for by an impatient finger or a retry.
 *
 * @throws Fault RATE_LIMITED; what `PurchaseDesk.buy` throws
 */
export async function buy(
  { purchaseDesk, limits }: Pick<Services, "purchaseDesk" | "limits">,
  userId: string,
  input: BuyInput,
): Promise<PurchaseResult> {
  if (!purchaseDesk.isWaiting(userId, input.idempotencyKey)) limits.takePurchaseToken(userId);
  return purchaseDesk.buy({ ...input, userId });
}
