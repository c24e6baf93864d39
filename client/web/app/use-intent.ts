import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import { newIdempotencyKey } from "../../sdk/index.ts";
import { onBackOnline } from "./connection.ts";
import type { Intent, IntentFlow, Outcome } from "./intent-flow.ts";
import { type Held, heldOf, type IntentRunner, type Progress } from "./intent-runner.ts";
import type { PendingIntent } from "./pending-intents.ts";
import type { Session } from "./session.ts";

/**
 * Goes on with whatever of this kind the user left pending. For the page's frame, so that it happens on every route. It
 * begins anew with each session, wherever that was begun, and so goes on with what an ended one has left.
 */
export function useResume<Wish, Decision, Subject>(
  { runner, intents }: IntentFlow<Wish, Decision, Subject>,
  session: Session | undefined,
): void {
  const userId = session?.ownerId;
  const sessionId = session?.id;
  const isKnown = session !== undefined;
  const owner = useRef<string>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new session is what was stuck has waited for.
  useEffect(() => {
    if (isKnown && userId !== owner.current) runner.forget();
    if (isKnown) owner.current = userId;
    if (userId === undefined) return;
    const onStorage = (event: StorageEvent) => intents.noteStorageEvent(event);
    window.addEventListener("storage", onStorage);
    const stopHurrying = onBackOnline(() => runner.hurry());
    runner.start(userId);
    return () => {
      window.removeEventListener("storage", onStorage);
      stopHurrying();
      runner.stop();
    };
  }, [runner, intents, isKnown, userId, sessionId]);
}

/** What is pending of one subject, how far it is, what became of the last click, and a way to click. */
export function useIntent<Wish, Decision, Subject>(
  flow: IntentFlow<Wish, Decision, Subject>,
  subject: Subject,
  userId: string | undefined,
): IntentView<Wish, Decision> {
  const { intents, runner, outcomes, subjectOf } = flow;
  const isMeant = (intent: Intent<Wish>) =>
    subjectOf(intent) === subject && intent.userId === userId && outcomes.isShown(subject, intent);
  const pending = useSyncExternalStore(
    useCallback((listener) => intents.subscribe(listener), [intents]),
    () => intents.snapshot().find(isMeant),
  );
  const progress = useSyncExternalStore(
    useCallback((listener) => runner.subscribe(listener), [runner]),
    () => (pending ? runner.progress().get(pending.key) : undefined),
  );
  const outcome = useSyncExternalStore(
    useCallback((listener) => outcomes.subscribe(listener), [outcomes]),
    () => outcomes.latest(subject),
  );
  useEffect(() => outcome && outcomes.noteSeen(outcome), [outcomes, outcome]);
  const isPendingNow = useRef(false);
  isPendingNow.current = pending !== undefined;
  return {
    pending,
    progress,
    held: heldOf(progress),
    // What somebody else who used this browser was told is nobody's business.
    outcome: outcome?.intent.userId === userId ? outcome : undefined,
    submit: useCallback(
      (wish: Wish, sharedKey?: string) => {
        if (userId === undefined || isPendingNow.current) return;
        isPendingNow.current = true;
        const key = sharedKey ?? newIdempotencyKey();
        if (sharedKey === undefined) outcomes.expect(subject, key);
        else outcomes.dismiss(subject);
        runner.submit({ ...wish, key, userId, createdAt: new Date().toISOString() });
      },
      [outcomes, runner, subject, userId],
    ),
    choices: choicesOn(runner, pending),
    dismiss: useCallback(() => outcomes.dismiss(subject), [outcomes, subject]),
  };
}

export interface IntentView<Wish, Decision> {
  /** The click that has no decision yet, made in this tab or in another. */
  readonly pending: Intent<Wish> | undefined;
  readonly progress: Progress | undefined;
  readonly held: Held | undefined;
  readonly outcome: Outcome<Wish, Decision> | undefined;
  /**
   * Everything up to the key in storage happens before it returns; a second click in the same frame does nothing. Without a
   * key that tabs share, it has one of its own, and no other tab's outcome is shown in place of its.
   */
  readonly submit: (wish: Wish, sharedKey?: string) => void;
  readonly choices: Choices;
  readonly dismiss: () => void;
}

/** What the buyer can say about an intent that does not go on by itself. */
export function choicesOn<I extends PendingIntent, Decision>(
  runner: IntentRunner<I, Decision>,
  intent: I | undefined,
): Choices {
  return {
    tryAgain: () => intent && runner.tryAgain(intent.key),
    allow: () => intent && runner.allow(intent.key),
    drop: intent && runner.canDrop(intent) ? () => runner.drop(intent.key) : undefined,
  };
}

export interface Choices {
  readonly tryAgain: () => void;
  /** It goes on by itself once they have signed in. */
  readonly allow: () => void;
  /** Missing where it cannot be found out whether it went through. */
  readonly drop: (() => void) | undefined;
}
