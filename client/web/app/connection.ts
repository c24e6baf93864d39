import { useSyncExternalStore } from "react";

/**
 * Whether the browser believes to be offline and nothing has proved it wrong since. A shop on this machine or on a
 * local network answers without the internet, so one answer is proof enough.
 */
export function useIsOffline(): boolean {
  return useSyncExternalStore(subscribe, isOffline, () => false);
}

export function isOffline(): boolean {
  return offline;
}

/** Call after any answer of the server. What was asked before the browser went offline, by `performance.now()`, proves nothing. */
export function noteReachable(askedAtMs: number): void {
  if (askedAtMs >= offlineSinceMs) set(false);
}

/** Calls back whenever the browser comes back online. Answers how to stop. */
export function onBackOnline(callback: () => void): () => void {
  window.addEventListener("online", callback);
  return () => window.removeEventListener("online", callback);
}

const listeners = new Set<() => void>();
/** Not at first: the page has just come from the shop. */
let offline = false;
let offlineSinceMs = 0;

if (typeof window !== "undefined") {
  window.addEventListener("offline", () => {
    offlineSinceMs = performance.now();
    set(true);
  });
  window.addEventListener("online", () => set(false));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(value: boolean): void {
  if (offline === value) return;
  offline = value;
  for (const listener of listeners) listener();
}
