/** Time as the SDK sees it, so that tests can decide when it passes. */
export interface Clock {
  /** Milliseconds that only ever rise; their zero means nothing. */
  now(): number;
  /**
   * Calls back once after `ms` milliseconds.
   *
   * @returns takes the call back, if it has not happened yet
   */
  after(ms: number, callback: () => void): () => void;
}

/** The runtime's own monotonic clock: setting the computer's time changes no wait and no deadline. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
};

/** Waits `ms` milliseconds; ends early, without an error, when the signal aborts. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      takeBack();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const takeBack = clock.after(ms, done);
    signal?.addEventListener("abort", done);
  });
}

/** Timers of browsers and of Node fire at once beyond 2^31 − 1 ms. */
const TIMER_MS_MAX = 2_147_483_647;
