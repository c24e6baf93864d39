import { useCallback, useEffect, useSyncExternalStore } from "react";
import { onBackOnline } from "./connection.ts";
import type { IntentRunner, Progress } from "./intent-runner.ts";
import type { PendingIntent, PendingIntents } from "./pending-intents.ts";

/** Keeps a runner going for the signed-in user for as long as the component is shown. */
export function useIntentRunner<Intent extends PendingIntent, Decision>(
  runner: IntentRunner<Intent, Decision>,
  intents: PendingIntents<Intent>,
  userId: string | undefined,
): void {
  useEffect(() => {
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
  }, [runner, intents, userId]);
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

/** How far this intent is. */
export function useProgress<Intent extends PendingIntent, Decision>(
  runner: IntentRunner<Intent, Decision>,
  intent: Intent | undefined,
): Progress | undefined {
  const subscribe = useCallback((listener: () => void) => runner.subscribe(listener), [runner]);
  return useSyncExternalStore(subscribe, () => (intent ? runner.progress().get(intent.key) : undefined));
}
