import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import type { Progress } from "../../app/intent-runner.ts";
import { type Session, useSession } from "../../app/session.ts";
import {
  type Choices,
  choicesOn,
  useIntentRunner,
  usePendingIntent,
  useProgress,
} from "../../app/use-intent-runner.ts";
import { type OrderIntent, orderIntents } from "./order-intents.ts";
import type { OrderOutcome } from "./order-outcome.ts";
import { orderOutcomes, orderRunner } from "./order-runner.ts";
import { basketStore } from "./use-basket.ts";

/** Goes on with whatever this user left pending. For the page's frame, so that it happens on every route. */
export function useResumeOrders(session: Session | undefined): void {
  useIntentRunner(orderRunner, orderIntents, session);
}

/** Paying for the basket as whoever is signed in, or was until the session ended. */
export function useCheckout(): Checkout {
  const userId = useSession()?.ownerId;
  const pending = usePendingIntent(orderIntents, (intent) => intent.userId === userId);
  const progress = useProgress(orderRunner, pending);
  const outcome = useSyncExternalStore(subscribeToOutcomes, () => orderOutcomes.latest(userId ?? ""));
  useEffect(() => outcome && orderOutcomes.noteSeen(outcome), [outcome]);
  const isPendingNow = useRef(false);
  isPendingNow.current = pending !== undefined;

  /** Everything up to the key in storage happens before it returns; a second click in the same frame does nothing. */
  const pay = useCallback(
    (shownCents: number) => {
      const { key, lines } = basketStore.read();
      if (userId === undefined || lines.length === 0 || isPendingNow.current) return;
      isPendingNow.current = true;
      orderOutcomes.dismiss(userId);
      orderRunner.submit({
        key,
        userId,
        createdAt: new Date().toISOString(),
        lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
        shownCents,
      });
    },
    [userId],
  );
  return {
    pending,
    progress,
    outcome,
    pay,
    choices: choicesOn(orderRunner, pending),
    dismiss: useCallback(() => userId !== undefined && orderOutcomes.dismiss(userId), [userId]),
  };
}

export interface Checkout {
  /** The click that has no decision yet, made in this tab or in another. */
  readonly pending: OrderIntent | undefined;
  readonly progress: Progress | undefined;
  readonly outcome: OrderOutcome | undefined;
  readonly pay: (shownCents: number) => void;
  readonly choices: Choices;
  readonly dismiss: () => void;
}

function subscribeToOutcomes(listener: () => void): () => void {
  return orderOutcomes.subscribe(listener);
}
