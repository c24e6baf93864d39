/**
 * How long to wait before the next try: at most `minMs` after the first failure, at most twice as long after each further one,
 * and never more than `maxMs`.
 *
 * @param failures in a row, from 1
 * @param random from 0 up to, but not including, 1
 */
export function backOffMs(
  failures: number,
  { minMs, maxMs, jitter }: BackOff,
  random: () => number = Math.random,
): number {
  const longestMs = Math.min(maxMs, minMs * 2 ** (failures - 1));
  return longestMs * (1 - jitter + jitter * random());
}

export interface BackOff {
  readonly minMs: number;
  readonly maxMs: number;
  /** The share of a wait that is left to chance, from 0 to 1, so that those who failed together do not come back together. */
  readonly jitter: number;
}
