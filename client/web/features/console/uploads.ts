import { useSyncExternalStore } from "react";

/** Whether a picture of this page is on its way to the shop: what is saved meanwhile would be saved without it. */
export function useIsUploading(): boolean {
  return useSyncExternalStore(subscribe, () => underWay > 0);
}

export const UPLOADING = "A picture is still being sent: save once it is there, or stop it.";

/** Counts one upload in. Answers how to count it out. */
export function beginUpload(): () => void {
  set(1);
  return () => set(-1);
}

let underWay = 0;
const listeners = new Set<() => void>();

function set(change: 1 | -1): void {
  underWay += change;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
