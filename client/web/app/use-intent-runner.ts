import { useEffect, useSyncExternalStore } from "react";
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

/** The intents that are pending in any tab of this browser. */
export function usePendingIntents<Intent extends PendingIntent>(intents: PendingIntents<Intent>): readonly Intent[] {
  return useSyncExternalStore(
    (listener) => intents.subscribe(listener),
    () => intents.all(),
  );
}

export function useProgress<Intent extends PendingIntent, Decision>(
  runner: IntentRunner<Intent, Decision>,
): ReadonlyMap<string, Progress> {
  return useSyncExternalStore(
    (listener) => runner.subscribe(listener),
    () => runner.progress(),
  );
}
