import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import { newIdempotencyKey } from "../../../sdk/index.ts";
import type { Progress } from "../../app/intent-runner.ts";
import { type Session, useSession } from "../../app/session.ts";
import {
  type Choices,
  choicesOn,
  useIntentRunner,
  usePendingIntent,
  useProgress,
} from "../../app/use-intent-runner.ts";
import type { Outcome } from "./outcome.ts";
import { type PurchaseIntent, purchaseIntents } from "./purchase-intents.ts";
import { purchaseOutcomes, purchaseRunner } from "./purchase-runner.ts";

/** Goes on with whatever this user left pending. For the page's frame, so that it happens on every route. */
export function useResumePurchases(session: Session | undefined): void {
  useIntentRunner(purchaseRunner, purchaseIntents, session);
}

/** Buying one item as whoever is signed in, or was until the session ended. */
export function useBuying(itemId: number): Buying {
  const userId = useSession()?.ownerId;
  const pending = usePendingIntent(
    purchaseIntents,
    (intent) => intent.itemId === itemId && intent.userId === userId && purchaseOutcomes.isShown(itemId, intent),
  );
  const progress = useProgress(purchaseRunner, pending);
  const outcome = useSyncExternalStore(subscribeToOutcomes, () => purchaseOutcomes.latest(itemId));
  useEffect(() => outcome && purchaseOutcomes.noteSeen(outcome), [outcome]);
  const isPendingNow = useRef(false);
  isPendingNow.current = pending !== undefined;

  /** Everything up to the key in storage happens before it returns; a second click in the same frame does nothing. */
  const buy = useCallback(
    (quantity: number, { name, priceCents }: Shown) => {
      if (userId === undefined || isPendingNow.current) return;
      isPendingNow.current = true;
      const key = newIdempotencyKey();
      purchaseOutcomes.expect(itemId, key);
      purchaseRunner.submit({
        key,
        itemId,
        quantity,
        userId,
        createdAt: new Date().toISOString(),
        itemName: name,
        shownCents: priceCents * quantity,
      });
    },
    [itemId, userId],
  );
  return {
    pending,
    progress,
    // What somebody else who used this browser was told is nobody's business.
    outcome: outcome?.intent.userId === userId ? outcome : undefined,
    buy,
    choices: choicesOn(purchaseRunner, pending),
    dismiss: useCallback(() => purchaseOutcomes.dismiss(itemId), [itemId]),
  };
}

export interface Buying {
  /** The click that has no decision yet, made in this tab or in another. */
  readonly pending: PurchaseIntent | undefined;
  readonly progress: Progress | undefined;
  readonly outcome: Outcome | undefined;
  readonly buy: (quantity: number, shown: Shown) => void;
  readonly choices: Choices;
  readonly dismiss: () => void;
}

interface Shown {
  readonly name: string;
  readonly priceCents: number;
}

function subscribeToOutcomes(listener: () => void): () => void {
  return purchaseOutcomes.subscribe(listener);
}
