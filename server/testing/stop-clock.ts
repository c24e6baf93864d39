import { vi } from "vitest";

/**
 * Stops `performance.now()` in this process, by which limits, pauses and answers that are kept count their time, until
 * it is disposed: what a test asks then comes in one moment, however long the machine takes for it.
 */
export function stopClock(): StoppedClock {
  let nowMs = performance.now();
  const stopped = vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  return {
    pass(ms) {
      nowMs += ms;
    },
    [Symbol.dispose]: () => stopped.mockRestore(),
  };
}

export interface StoppedClock extends Disposable {
  pass(ms: number): void;
}
