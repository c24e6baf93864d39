import type { PurchaseResult } from "../../../../shared/purchases.ts";
import { doorbusterAs, queryClient } from "../../app/clients.ts";
import { IntentRunner } from "../../app/intent-runner.ts";
import { Outcomes } from "../../app/outcomes.ts";
import { PURCHASES_KEY, WALLETS_KEY, walletQuery } from "../../app/queries.ts";
import type { Outcome } from "./outcome.ts";
import { type PurchaseIntent, purchaseIntents } from "./purchase-intents.ts";

export const purchaseOutcomes = new Outcomes<number, Outcome>({
  name: "purchases",
  subjectOf: ({ intent }) => intent.itemId,
  onOutcome: refreshMoney,
});

/** Sees every click on Buy through to its decision; see `IntentRunner`. */
export const purchaseRunner = new IntentRunner<PurchaseIntent, PurchaseResult>({
  name: "purchase",
  intents: purchaseIntents,
  send: ({ userId, itemId, quantity, key }, options) =>
    doorbusterAs(userId).purchases.buy({ itemId, quantity, idempotencyKey: key }, options),
  lookUp: ({ userId, key }, options) => doorbusterAs(userId).purchases.byKey({ idempotencyKey: key }, options),
  onDecided: (intent, result) =>
    purchaseOutcomes.report(result ? { kind: "decided", intent, result } : { kind: "lapsed", intent }),
  onFailed: (intent, error) => purchaseOutcomes.report({ kind: "failed", intent, message: error.message }),
});

/** The balance is right at once; the statement and the list of purchases follow from the server. */
function refreshMoney(outcome: Outcome): void {
  if (outcome.kind !== "decided") return;
  if (outcome.result.outcome === "refused") {
    // The page may have known too little of the wallet.
    if (outcome.result.code === "INSUFFICIENT_BALANCE") void queryClient.invalidateQueries({ queryKey: WALLETS_KEY });
    return;
  }
  const { balanceCents, replayed } = outcome.result;
  if (!replayed) {
    queryClient.setQueryData(walletQuery.queryKey, (wallet) => wallet && { ...wallet, balanceCents });
  }
  void queryClient.invalidateQueries({ queryKey: WALLETS_KEY });
  void queryClient.invalidateQueries({ queryKey: PURCHASES_KEY });
}
