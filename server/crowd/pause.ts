import { setTimeout as sleep } from "node:timers/promises";

/** Waits, or not so long where the signal is aborted. What is due already is not waited for, not even a turn. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}
