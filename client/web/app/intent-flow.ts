import type { DoorbusterError, RetryOptions } from "../../sdk/index.ts";
import { IntentRunner } from "./intent-runner.ts";
import { Outcomes } from "./outcomes.ts";
import { browserStorage, isPendingIntent, type PendingIntent, PendingIntents } from "./pending-intents.ts";

/** A click that is to be decided once: what was asked for, by whom, and under which key. */
export type Intent<Wish> = PendingIntent & Wish;

/** How an intent ended, to be shown until the buyer goes on. */
export type Outcome<Wish, Decision> =
  | { readonly kind: "decided"; readonly intent: Intent<Wish>; readonly result: Decision }
  /** Turned away before anything was done. */
  | { readonly kind: "failed"; readonly intent: Intent<Wish>; readonly message: string }
  /** An old one that never reached the shop. */
  | { readonly kind: "lapsed"; readonly intent: Intent<Wish> };

/** All clicks of one kind (purchases, orders, top-ups): which are pending, what sends them, and what became of them. */
export interface IntentFlow<Wish, Decision, Subject> {
  readonly intents: PendingIntents<Intent<Wish>>;
  readonly runner: IntentRunner<Intent<Wish>, Decision>;
  readonly outcomes: Outcomes<Subject, Outcome<Wish, Decision>>;
  /** What an intent is about: its card, basket or wallet shows one at a time. */
  readonly subjectOf: (intent: Intent<Wish>) => Subject;
}

export function intentFlow<Wish, Decision, Subject>(
  options: IntentFlowOptions<Wish, Decision, Subject>,
): IntentFlow<Wish, Decision, Subject> {
  const { name, isWish, subjectOf, onOutcome, onDecidedHere, send, lookUp } = options;
  const intents = new PendingIntents({
    prefix: `doorbuster.${name}.`,
    storage: browserStorage(),
    isIntent: (value): value is Intent<Wish> => isPendingIntent(value) && isWish(value),
  });
  const outcomes = new Outcomes<Subject, Outcome<Wish, Decision>>({
    name: `${name}s`,
    subjectOf: ({ intent }) => subjectOf(intent),
    onOutcome,
  });
  const runner = new IntentRunner<Intent<Wish>, Decision>({
    name,
    intents,
    send,
    ...(lookUp && { lookUp }),
    onDecided(intent, result) {
      if (result === null) return outcomes.report({ kind: "lapsed", intent });
      onDecidedHere?.(intent, result);
      outcomes.report({ kind: "decided", intent, result });
    },
    onFailed: (intent, error: DoorbusterError) => outcomes.report({ kind: "failed", intent, message: error.message }),
  });
  return { intents, runner, outcomes, subjectOf };
}

interface IntentFlowOptions<Wish, Decision, Subject> {
  /** Of the locks, the channel and the storage that tabs share. */
  readonly name: string;
  /** Whether what was read from the storage has what such an intent needs. */
  readonly isWish: (value: Record<string, unknown>) => boolean;
  readonly subjectOf: (intent: Intent<Wish>) => Subject;
  readonly send: (intent: Intent<Wish>, options: RetryOptions) => Promise<Decision>;
  /** Asks what was decided under the key; null when nothing was. */
  readonly lookUp?: (intent: Intent<Wish>, options: { signal: AbortSignal }) => Promise<Decision | null>;
  /** Called in the tab that heard of the decision, before any other tab does. */
  readonly onDecidedHere?: (intent: Intent<Wish>, result: Decision) => void;
  /** Called in every tab, for each. */
  readonly onOutcome: (outcome: Outcome<Wish, Decision>) => void;
}
