import type { OrderResult } from "../../../../shared/orders.ts";
import { newIdempotencyKey } from "../../../sdk/index.ts";
import { doorbusterAs, queryClient } from "../../app/clients.ts";
import { type Intent, intentFlow, type Outcome } from "../../app/intent-flow.ts";
import { ORDERS_KEY, PRODUCTS_KEY, WALLETS_KEY, walletQuery } from "../../app/queries.ts";
import type { IntentView } from "../../app/use-intent.ts";
import { afterOrder } from "./basket.ts";
import { basketStore } from "./use-basket.ts";

/** What a click on Pay asks for. Its key is the basket's, so two tabs that pay at once pay once. */
export interface OrderWish {
  readonly lines: readonly { readonly productId: number; readonly quantity: number }[];
  /** The total that the buyer saw. */
  readonly shownCents: number;
}

export type OrderIntent = Intent<OrderWish>;
export type OrderOutcome = Outcome<OrderWish, OrderResult>;
export type Checkout = IntentView<OrderWish, OrderResult>;
export type Placed = Extract<OrderResult, { outcome: "placed" }>;
export type RefusedOrder = Extract<OrderResult, { outcome: "refused" }>;

/** Every click on Pay, seen through to its decision. */
export const orderFlow = intentFlow<OrderWish, OrderResult, string>({
  name: "order",
  isWish: ({ shownCents, lines }) =>
    Number.isSafeInteger(shownCents) &&
    Array.isArray(lines) &&
    lines.length > 0 &&
    lines.every((line) => Number.isSafeInteger(line?.productId) && Number.isSafeInteger(line?.quantity)),
  subjectOf: ({ userId }) => userId,
  send: ({ userId, lines, key }, options) => doorbusterAs(userId).orders.place({ lines, idempotencyKey: key }, options),
  lookUp: async ({ userId, key }, options) => {
    const order = await doorbusterAs(userId).orders.byKey({ idempotencyKey: key }, options);
    return order && { outcome: "placed", order, replayed: true };
  },
  onDecidedHere: leaveBasket,
  onOutcome: refresh,
});

/**
 * What was ordered leaves the basket, and the rest becomes a basket with a key of its own. A refused basket keeps its
 * key: the shop has stored nothing under it. One that differs from what was ordered under its key gets a new one.
 */
function leaveBasket(intent: OrderIntent, result: OrderResult): void {
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
