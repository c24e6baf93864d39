import type { CreditResult } from "../../../../shared/wallets.ts";
import { doorbuster, queryClient } from "../../app/clients.ts";
import { noteReachable } from "../../app/connection.ts";
import { IntentRunner } from "../../app/intent-runner.ts";
import { WALLETS_KEY } from "../../app/queries.ts";
import { type TopUpIntent, topUpIntents } from "./top-up-intents.ts";

export type TopUpOutcome =
  | { readonly kind: "added"; readonly key: string; readonly result: CreditResult }
  | { readonly kind: "failed"; readonly key: string; readonly message: string };

/** Sees every top-up through to its answer, once; see `IntentRunner`. */
export const topUpRunner = new IntentRunner<TopUpIntent, CreditResult>({
  name: "top-up",
  intents: topUpIntents,
  send: ({ amountCents, key }, options) => doorbuster.wallets.topUp({ amountCents, idempotencyKey: key }, options),
  onDecided: ({ key }, result) => {
    noteReachable();
    if (result) report({ kind: "added", key, result });
    void queryClient.invalidateQueries({ queryKey: WALLETS_KEY });
  },
  onFailed: ({ key }, error) => report({ kind: "failed", key, message: error.message }),
});

/** The answer to the latest top-up of this tab. */
export function latestTopUp(): TopUpOutcome | undefined {
  return latest;
}

export function subscribeToTopUps(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const listeners = new Set<() => void>();
let latest: TopUpOutcome | undefined;

function report(outcome: TopUpOutcome): void {
  latest = outcome;
  for (const listener of listeners) listener();
}
