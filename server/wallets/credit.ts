import { Fault } from "../../shared/faults.ts";
import type { CreditInput, CreditResult } from "../../shared/wallets.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database } from "../database/database.ts";
import { retryOnConflict } from "../database/retry-on-conflict.ts";
import { creditWallet } from "./credit-wallet.ts";

/**
 * An operator gives money to somebody else, once per key.
 *
 * @throws Fault NOT_ALLOWED_NOW for one's own wallet; else as `creditWallet` does
 */
export async function credit(database: Database, actorId: string, input: CreditInput): Promise<CreditResult> {
  if (input.userId === actorId) throw new Fault("NOT_ALLOWED_NOW", "You cannot credit your own wallet.");
  return retryOnConflict(() =>
    database.withTransaction(
      async (tx) => {
        const result = await creditWallet(tx, { ...input, kind: "credit", actorId });
        if (!result.replayed) {
          await recordAudit(tx, {
            actorKind: "person",
            actorId,
            action: "wallets.credit",
            subject: `user:${input.userId}`,
            details: { amountCents: input.amountCents, reason: input.reason },
          });
        }
        return result;
      },
      { name: "wallets.credit" },
    ),
  );
}
