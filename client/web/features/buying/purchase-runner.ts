import type { PurchaseResult } from "../../../../shared/purchases.ts";
import { doorbuster, queryClient } from "../../app/clients.ts";
import { noteReachable } from "../../app/connection.ts";
import { IntentRunner } from "../../app/intent-runner.ts";
import { Outcomes } from "../../app/outcomes.ts";
import { PURCHASES_KEY, WALLETS_KEY, walletQuery } from "../../app/queries.ts";
import type { Outcome } from "./outcome.ts";
import { type PurchaseIntent, purchaseIntents } from "./purchase-intents.ts";

const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("doorbuster.purchases");

export const purchaseOutcomes = new Outcomes<number, Outcome>({ channel, subjectOf: ({ intent }) => intent.itemId });

/** Sees every click on Buy through to its decision; see `IntentRunner`. */
export const purchaseRunner = new IntentRunner<PurchaseIntent, PurchaseResult>({
  name: "purchase",
  intents: purchaseIntents,
  send: ({ itemId, quantity, key }, options) =>
    doorbuster.purchases.buy({ itemId, quantity, idempotencyKey: key }, options),
  lookUp: ({ key }, options) => doorbuster.purchases.byKey({ idempotencyKey: key }, options),
  onDecided: (intent, result) => {
    noteReachable();
    const outcome: Outcome = result ? { kind: "decided", intent, result } : { kind: "lapsed", intent };
    purchaseOutcomes.report(outcome);
    refreshMoney(outcome);
  },
  onFailed: (intent, error) => purchaseOutcomes.report({ kind: "failed", intent, message: error.message }),
});

if (channel) {
  channel.onmessage = ({ data }: MessageEvent<Outcome>) => {
    purchaseOutcomes.receive(data);
    refreshMoney(data);
  };
}

/** The balance is right at once; the statement and the list of purchases follow from the server. */
function refreshMoney(outcome: Outcome): void {
  if (outcome.kind !== "decided" || outcome.result.outcome !== "purchased") return;
  const { balanceCents, replayed } = outcome.result;
  if (!replayed) {
    queryClient.setQueryData(walletQuery.queryKey, (wallet) => wallet && { ...wallet, balanceCents });
  }
  void queryClient.invalidateQueries({ queryKey: WALLETS_KEY });
  void queryClient.invalidateQueries({ queryKey: PURCHASES_KEY });
}
