import type { CreditResult } from "../../../../shared/wallets.ts";
import { doorbusterAs, queryClient } from "../../app/clients.ts";
import { IntentRunner } from "../../app/intent-runner.ts";
import { Outcomes } from "../../app/outcomes.ts";
import { WALLETS_KEY } from "../../app/queries.ts";
import { type TopUpIntent, topUpIntents } from "./top-up-intents.ts";

export type TopUpOutcome =
  | { readonly kind: "added"; readonly intent: TopUpIntent; readonly result: CreditResult }
  | { readonly kind: "failed"; readonly intent: TopUpIntent; readonly message: string };

/** The latest outcome of each user's top-ups. */
export const topUpOutcomes = new Outcomes<string, TopUpOutcome>({
  name: "top-ups",
  subjectOf: ({ intent }) => intent.userId,
  onOutcome: () => void queryClient.invalidateQueries({ queryKey: WALLETS_KEY }),
});

/** Sees every top-up through to its answer, once; see `IntentRunner`. */
export const topUpRunner = new IntentRunner<TopUpIntent, CreditResult>({
  name: "top-up",
  intents: topUpIntents,
  send: ({ userId, amountCents, key }, options) =>
    doorbusterAs(userId).wallets.topUp({ amountCents, idempotencyKey: key }, options),
  onDecided: (intent, result) => result && topUpOutcomes.report({ kind: "added", intent, result }),
  onFailed: (intent, error) => topUpOutcomes.report({ kind: "failed", intent, message: error.message }),
});
