/**
 * How long to wait before the next try: exponential, with full jitter, so that clients that failed together
 * do not come back together. What the server asked for is waited in full, and the jitter comes on top of it.
 *
 * @param tries how many tries have failed so far, from 1
 * @param retryAfterMs what the server asked for, if it did
 * @param baseMs the longest first wait; it doubles with every try
 * @param random from 0 up to, but not including, 1
 * @returns milliseconds
 */
export function backOffMs(
  {
    tries,
    retryAfterMs,
    baseMs = BACK_OFF_BASE_MS,
  }: { tries: number; retryAfterMs: number | undefined; baseMs?: number },
  random: () => number,
): number {
  const ceilingMs = Math.min(BACK_OFF_MAX_MS, baseMs * 2 ** (tries - 1));
  return Math.round((retryAfterMs ?? 0) + random() * ceilingMs);
}

/** The first wait is at most this long: about as long as a database takes to settle a full batch. */
export const BACK_OFF_BASE_MS = 250;

/** A buyer who waits for a server to come back should hear of it within a few seconds. */
export const BACK_OFF_MAX_MS = 5_000;
