import { Fault } from "../../shared/faults.ts";
import { CURRENCY } from "../../shared/money.ts";
import type { CreditResult, TopUpInput } from "../../shared/wallets.ts";
import type { Database } from "../database/database.ts";
import { retryOnConflict } from "../database/retry-on-conflict.ts";
import { creditWallet, earlierCredit } from "./credit-wallet.ts";
import type { PaymentProvider } from "./payment-provider.ts";

/**
 * A buyer puts money into their wallet, once per key. The provider is asked outside any transaction and before the
 * credit, with a reference that is the same for every try, so a crash between charge and credit is mended by trying
 * again. A key that was used before is answered without asking the provider.
 *
 * @throws Fault NOT_ALLOWED_NOW when there is no provider or it declines; otherwise those of `creditWallet`
 */
export async function topUp(
  database: Database,
  provider: PaymentProvider | undefined,
  userId: string,
  { amountCents, idempotencyKey }: TopUpInput,
): Promise<CreditResult> {
  if (!provider) throw new Fault("NOT_ALLOWED_NOW", "This shop takes no payments here.");
  const reason = `Top-up by ${provider.name}`;
  const credit = { userId, kind: "top_up", amountCents, reason, actorId: userId, idempotencyKey } as const;
  const earlier = await earlierCredit(database.db, credit);
  if (earlier) return earlier;

  const reference = `${userId}:${idempotencyKey}`;
  const payment = await provider.charge({ userId, amountCents, currency: CURRENCY, reference });
  if (!payment.accepted) throw new Fault("NOT_ALLOWED_NOW", payment.message);
  return retryOnConflict(() => database.withTransaction((tx) => creditWallet(tx, credit), { name: "wallets.topUp" }));
}
