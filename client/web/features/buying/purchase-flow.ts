import type { PurchaseResult } from "../../../../shared/purchases.ts";
import { doorbusterAs, queryClient } from "../../app/clients.ts";
import { type Intent, intentFlow, type Outcome } from "../../app/intent-flow.ts";
import { PURCHASES_KEY, WALLETS_KEY, walletQuery } from "../../app/queries.ts";

/** What a click on Buy asks for. */
export interface PurchaseWish {
  readonly itemId: number;
  readonly quantity: number;
  /** What the buyer saw; missing in those of an earlier version. */
  readonly itemName?: string;
  readonly shownCents?: number;
}

export type PurchaseIntent = Intent<PurchaseWish>;
export type PurchaseOutcome = Outcome<PurchaseWish, PurchaseResult>;

/** Every click on Buy, seen through to its decision. */
export const purchaseFlow = intentFlow<PurchaseWish, PurchaseResult, number>({
  name: "purchase",
  isWish: ({ itemId, quantity }) => Number.isSafeInteger(itemId) && Number.isSafeInteger(quantity),
  subjectOf: ({ itemId }) => itemId,
  send: ({ userId, itemId, quantity, key }, options) =>
    doorbusterAs(userId).purchases.buy({ itemId, quantity, idempotencyKey: key }, options),
  lookUp: ({ userId, key }, options) => doorbusterAs(userId).purchases.byKey({ idempotencyKey: key }, options),
  onOutcome: refreshMoney,
});

/** The balance is right at once; the statement and the list of purchases follow from the server. */
function refreshMoney(outcome: PurchaseOutcome): void {
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
