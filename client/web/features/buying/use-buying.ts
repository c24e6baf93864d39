import { useCallback, useRef, useSyncExternalStore } from "react";
import { newIdempotencyKey } from "../../../sdk/index.ts";
import type { Progress } from "../../app/intent-runner.ts";
import { useIntentRunner, usePendingIntent, useProgress } from "../../app/use-intent-runner.ts";
import type { Outcome } from "./outcome.ts";
import { type PurchaseIntent, purchaseIntents } from "./purchase-intents.ts";
import { purchaseOutcomes, purchaseRunner } from "./purchase-runner.ts";

/** Goes on with whatever this user left pending. For the page's frame, so that it happens on every route. */
export function useResumePurchases(userId: string | undefined): void {
  useIntentRunner(purchaseRunner, purchaseIntents, userId);
}

/** Buying one item as one user. */
export function useBuying({ itemId, userId }: { itemId: number; userId: string | undefined }): Buying {
  const pending = usePendingIntent(purchaseIntents, (intent) => intent.itemId === itemId && intent.userId === userId);
  const progress = useProgress(purchaseRunner, pending);
  const outcome = useSyncExternalStore(subscribeToOutcomes, () => purchaseOutcomes.latest(itemId));
  const isPendingNow = useRef(false);
  isPendingNow.current = pending !== undefined;

  /** Everything up to the key in storage happens before it returns; a second click in the same frame does nothing. */
  const buy = useCallback(
    (quantity: number) => {
      if (userId === undefined || isPendingNow.current) return;
      isPendingNow.current = true;
      purchaseOutcomes.dismiss(itemId);
      const createdAt = new Date().toISOString();
      purchaseRunner.submit({ key: newIdempotencyKey(), itemId, quantity, userId, createdAt });
    },
    [itemId, userId],
  );
  return {
    pending,
    progress,
    // What somebody else who used this browser was told is nobody's business.
    outcome: outcome?.intent.userId === userId ? outcome : undefined,
    buy,
    tryAgain: () => pending && purchaseRunner.tryAgain(pending.key),
    dismiss: () => purchaseOutcomes.dismiss(itemId),
  };
}

export interface Buying {
  /** The click that has no decision yet, made in this tab or in another. */
  readonly pending: PurchaseIntent | undefined;
  readonly progress: Progress | undefined;
  readonly outcome: Outcome | undefined;
  readonly buy: (quantity: number) => void;
  readonly tryAgain: () => void;
  readonly dismiss: () => void;
}

function subscribeToOutcomes(listener: () => void): () => void {
  return purchaseOutcomes.subscribe(listener);
}
