import { useSyncExternalStore } from "react";
import { serverClock } from "../../app/server-clock.ts";

/** The server's time in milliseconds since 1970, anew each second. All that show it tick together. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

const TICK_MS = 1_000;

const listeners = new Set<() => void>();
let nowMs = serverClock.nowMs();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    nowMs = serverClock.nowMs();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  nowMs = serverClock.nowMs();
  for (const listener of listeners) listener();
}
