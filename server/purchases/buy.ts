import type { BuyInput, PurchaseResult } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import type { Limits } from "../http/rate-limits.ts";
import { byKey } from "./by-key.ts";
import type { Desk } from "./desk.ts";
import { isStored } from "./stored-result.ts";

/**
 * Buys for the signed-in user, once per key. Every way in comes through here, so that all share its limits: so many
 * purchases a second, and so many refusals a day, because each is kept for ever. A duplicate of a request that waits in
 * line right now costs nothing of either: an impatient finger is not a crowd. What was answered before is answered again,
 * however often its buyer was refused since; what succeeds costs no refusal.
 *
 * @throws Fault RATE_LIMITED, and what `PurchaseDesk.buy` throws
 */
export async function buy(
  { purchaseDesk, limits, database }: BuyServices,
  userId: string,
  input: BuyInput,
): Promise<PurchaseResult> {
  const request = { ...input, userId };
  if (purchaseDesk.isWaiting(request)) return purchaseDesk.buy(request);
  limits.takePurchaseToken(userId);
  const tooMany = limits.tooManyRefusals(userId);
  if (tooMany && !(await byKey(database, userId, input.idempotencyKey))) throw tooMany;
  const result = await purchaseDesk.buy(request);
  if (result.outcome === "refused" && !result.replayed && isStored(result)) limits.chargeRefusal(userId);
  return result;
}

export interface BuyServices {
  readonly database: Database;
  readonly purchaseDesk: Desk;
  readonly limits: Pick<Limits, "takePurchaseToken" | "tooManyRefusals" | "chargeRefusal">;
}
