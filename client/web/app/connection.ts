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

/** Call after any answer of the server. */
export function noteReachable(): void {
  set(false);
}

/** Calls back whenever the browser comes back online. Answers how to stop. */
export function onBackOnline(callback: () => void): () => void {
  window.addEventListener("online", callback);
  return () => window.removeEventListener("online", callback);
}

const listeners = new Set<() => void>();
/** Not at first: the page has just come from the shop. */
let offline = false;

if (typeof window !== "undefined") {
  window.addEventListener("offline", () => set(true));
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
