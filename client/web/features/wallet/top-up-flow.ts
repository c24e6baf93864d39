import type { CreditResult } from "../../../../shared/wallets.ts";
import { doorbusterAs, queryClient } from "../../app/clients.ts";
import { intentFlow } from "../../app/intent-flow.ts";
import { WALLETS_KEY } from "../../app/queries.ts";
import type { IntentView } from "../../app/use-intent.ts";

/** Every top-up, seen through to its answer. What became of one cannot be looked up. */
export const topUpFlow = intentFlow<TopUpWish, CreditResult, string>({
  name: "top-up",
  isWish: ({ amountCents }) => Number.isSafeInteger(amountCents),
  subjectOf: ({ userId }) => userId,
  send: ({ userId, amountCents, key }, options) =>
    doorbusterAs(userId).wallets.topUp({ amountCents, idempotencyKey: key }, options),
  onOutcome: () => void queryClient.invalidateQueries({ queryKey: WALLETS_KEY }),
});

export type TopUp = IntentView<TopUpWish, CreditResult>;

interface TopUpWish {
  readonly amountCents: number;
}
