import { useSyncExternalStore } from "react";
import { newIdempotencyKey } from "../../../sdk/index.ts";
import type { Progress } from "../../app/intent-runner.ts";
import type { Session } from "../../app/session.ts";
import {
  type Choices,
  choicesOn,
  useIntentRunner,
  usePendingIntent,
  useProgress,
} from "../../app/use-intent-runner.ts";
import { type TopUpIntent, topUpIntents } from "./top-up-intents.ts";
import { type TopUpOutcome, topUpOutcomes, topUpRunner } from "./top-up-runner.ts";

/** Goes on with whatever this user left pending. */
export function useResumeTopUps(session: Session | undefined): void {
  useIntentRunner(topUpRunner, topUpIntents, session);
}

/** Putting money in, as one user. */
export function useTopUp(userId: string): TopUp {
  const pending = usePendingIntent(topUpIntents, (intent) => intent.userId === userId);
  const progress = useProgress(topUpRunner, pending);
  const outcome = useSyncExternalStore(subscribeToOutcomes, () => topUpOutcomes.latest(userId));
  return {
    pending,
    progress,
    outcome,
    add(amountCents) {
      if (pending) return;
      const key = newIdempotencyKey();
      topUpOutcomes.expect(userId, key);
      topUpRunner.submit({ key, userId, amountCents, createdAt: new Date().toISOString() });
    },
    choices: choicesOn(topUpRunner, pending),
    dismiss: () => topUpOutcomes.dismiss(userId),
  };
}

export interface TopUp {
  readonly pending: TopUpIntent | undefined;
  readonly progress: Progress | undefined;
  readonly outcome: TopUpOutcome | undefined;
  readonly add: (amountCents: number) => void;
  readonly choices: Choices;
  readonly dismiss: () => void;
}

function subscribeToOutcomes(listener: () => void): () => void {
  return topUpOutcomes.subscribe(listener);
}
