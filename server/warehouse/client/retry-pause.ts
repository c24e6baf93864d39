/** Tries after the first one. */
export const RETRIES_MAX = 3;

/**
 * How long to wait before a retry: 1, 2, 4 s, each by up to a quarter shorter or longer, so that calls that failed together
 * do not come back together.
 *
 * @param retry 1 for the first
 * @param random from 0 up to, but not including, 1
 */
export function retryPauseMs(retry: number, random: () => number): number {
  return PAUSE_MS * 2 ** (retry - 1) * (1 - JITTER + 2 * JITTER * random());
}

const PAUSE_MS = 1_000;
const JITTER = 0.25;
