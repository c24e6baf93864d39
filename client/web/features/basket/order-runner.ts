import type { OrderResult } from "../../../../shared/orders.ts";
import { newIdempotencyKey } from "../../../sdk/index.ts";
import { doorbusterAs, queryClient } from "../../app/clients.ts";
import { IntentRunner } from "../../app/intent-runner.ts";
import { Outcomes } from "../../app/outcomes.ts";
import { ORDERS_KEY, PRODUCTS_KEY, WALLETS_KEY, walletQuery } from "../../app/queries.ts";
import { afterOrder } from "./basket.ts";
import { type OrderIntent, orderIntents } from "./order-intents.ts";
import type { OrderOutcome } from "./order-outcome.ts";
import { basketStore } from "./use-basket.ts";

/** The latest outcome of each user's checkouts. */
export const orderOutcomes = new Outcomes<string, OrderOutcome>({
  name: "orders",
  subjectOf: ({ intent }) => intent.userId,
  onOutcome: refresh,
});

/** Sees every click on Pay through to its decision; see `IntentRunner`. */
export const orderRunner = new IntentRunner<OrderIntent, OrderResult>({
  name: "order",
  intents: orderIntents,
  send: ({ userId, lines, key }, options) => doorbusterAs(userId).orders.place({ lines, idempotencyKey: key }, options),
  lookUp: async ({ userId, key }, options) => {
    const order = await doorbusterAs(userId).orders.byKey({ idempotencyKey: key }, options);
    return order && { outcome: "placed", order, replayed: true };
  },
  onDecided: (intent, result) => {
    const outcome: OrderOutcome = result ? { kind: "decided", intent, result } : { kind: "lapsed", intent };
    leaveBasket(outcome);
    orderOutcomes.report(outcome);
  },
  onFailed: (intent, error) => orderOutcomes.report({ kind: "failed", intent, message: error.message }),
});

/**
 * What was ordered leaves the basket, and the rest becomes a basket with a key of its own. A refused basket keeps its
 * key: the shop has stored nothing under it. One that differs from what was ordered under its key gets a new one.
 */
function leaveBasket(outcome: OrderOutcome): void {
  if (outcome.kind !== "decided") return;
  const { intent, result } = outcome;
  const isTaken = result.outcome === "refused" && result.code === "REQUEST_ID_REUSED";
  if (result.outcome !== "placed" && !isTaken) return;
  basketStore.change((basket) =>
    basket.key === intent.key ? afterOrder(basket, isTaken ? [] : intent.lines, newIdempotencyKey()) : basket,
  );
}

/** The balance is right at once; all else follows from the server. A refusal shows that the page knew too little. */
function refresh(outcome: OrderOutcome): void {
  if (outcome.kind !== "decided") return;
  void queryClient.invalidateQueries({ queryKey: PRODUCTS_KEY });
  if (outcome.result.outcome === "placed" && !outcome.result.replayed) {
    const { balanceCents } = outcome.result.order;
    queryClient.setQueryData(walletQuery.queryKey, (wallet) => wallet && { ...wallet, balanceCents });
  }
  void queryClient.invalidateQueries({ queryKey: WALLETS_KEY });
  void queryClient.invalidateQueries({ queryKey: ORDERS_KEY });
}
