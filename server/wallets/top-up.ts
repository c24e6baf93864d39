import { Fault } from "../../shared/faults.ts";
import { CURRENCY } from "../../shared/money.ts";
import type { CreditResult, TopUpInput } from "../../shared/wallets.ts";
import type { Database } from "../database/database.ts";
import { runAgainOnConflict } from "../database/run-again-on-conflict.ts";
import { creditWallet } from "./credit-wallet.ts";
import type { PaymentProvider } from "./payment-provider.ts";

/**
 * A buyer puts money into their wallet. The provider is asked first and outside any transaction, with a reference
 * that is the same for every try, so a crash between the charge and the credit is mended by trying again.
 *
 * @throws Fault NOT_ALLOWED_NOW when there is no provider or it declines; otherwise those of `creditWallet`
 */
export async function topUp(
  database: Database,
  provider: PaymentProvider | undefined,
  userId: string,
  input: TopUpInput,
): Promise<CreditResult> {
  if (!provider) throw new Fault("NOT_ALLOWED_NOW", "This shop takes no payments here.");
  const { amountCents, idempotencyKey } = input;
  const reference = `${userId}:${idempotencyKey}`;
  const payment = await provider.charge({ userId, amountCents, currency: CURRENCY, reference });
  if (!payment.accepted) throw new Fault("NOT_ALLOWED_NOW", payment.message);
  const topUpCredit = { userId, kind: "top_up", amountCents, actorId: userId, idempotencyKey } as const;
  return runAgainOnConflict(() =>
    database.withTransaction((tx) => creditWallet(tx, { ...topUpCredit, reason: `Top-up by ${provider.name}` }), {
      name: "top-up",
    }),
  );
}
