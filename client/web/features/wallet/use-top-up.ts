import { useState, useSyncExternalStore } from "react";
import { newIdempotencyKey } from "../../../sdk/index.ts";
import type { Progress } from "../../app/intent-runner.ts";
import { useIntentRunner, usePendingIntent, useProgress } from "../../app/use-intent-runner.ts";
import { type TopUpIntent, topUpIntents } from "./top-up-intents.ts";
import { latestTopUp, subscribeToTopUps, type TopUpOutcome, topUpRunner } from "./top-up-runner.ts";

/** Goes on with whatever this user left pending. */
export function useResumeTopUps(userId: string | undefined): void {
  useIntentRunner(topUpRunner, topUpIntents, userId);
}

/** Putting money in, as one user. */
export function useTopUp(userId: string): TopUp {
  const pending = usePendingIntent(topUpIntents, (intent) => intent.userId === userId);
  const progress = useProgress(topUpRunner, pending);
  const latest = useSyncExternalStore(subscribeToTopUps, latestTopUp);
  const [ownKey, setOwnKey] = useState<string>();
  return {
    pending,
    progress,
    outcome: latest?.key === ownKey ? latest : undefined,
    add(amountCents) {
      if (pending) return;
      const key = newIdempotencyKey();
      setOwnKey(key);
      topUpRunner.submit({ key, userId, amountCents, createdAt: new Date().toISOString() });
    },
    tryAgain: () => pending && topUpRunner.tryAgain(pending.key),
  };
}

export interface TopUp {
  readonly pending: TopUpIntent | undefined;
  readonly progress: Progress | undefined;
  readonly outcome: TopUpOutcome | undefined;
  readonly add: (amountCents: number) => void;
  readonly tryAgain: () => void;
}
