import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import { onBackOnline } from "./connection.ts";
import type { IntentRunner, Progress } from "./intent-runner.ts";
import type { PendingIntent, PendingIntents } from "./pending-intents.ts";
import type { Session } from "./session.ts";

/**
 * Keeps a runner going for as long as the component is shown, for whoever owns what is pending here. It begins anew with
 * each session, wherever that was begun, and so goes on with what an ended one has left.
 */
export function useIntentRunner<Intent extends PendingIntent, Decision>(
  runner: IntentRunner<Intent, Decision>,
  intents: PendingIntents<Intent>,
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

/**
 * The first intent of this kind that is pending in any tab of this browser. What shows it is rendered again when that
 * one comes or goes, whatever becomes of others.
 */
export function usePendingIntent<Intent extends PendingIntent>(
  intents: PendingIntents<Intent>,
  isMeant: (intent: Intent) => boolean,
): Intent | undefined {
  const subscribe = useCallback((listener: () => void) => intents.subscribe(listener), [intents]);
  return useSyncExternalStore(subscribe, () => intents.snapshot().find(isMeant));
}

/** What the buyer can say about an intent that does not go on by itself. */
export function choicesOn<Intent extends PendingIntent, Decision>(
  runner: IntentRunner<Intent, Decision>,
  intent: Intent | undefined,
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

/** How far this intent is. */
export function useProgress<Intent extends PendingIntent, Decision>(
  runner: IntentRunner<Intent, Decision>,
  intent: Intent | undefined,
): Progress | undefined {
  const subscribe = useCallback((listener: () => void) => runner.subscribe(listener), [runner]);
  return useSyncExternalStore(subscribe, () => (intent ? runner.progress().get(intent.key) : undefined));
}
