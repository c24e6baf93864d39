/**
 * How long to wait before a process that ended is started again: not at all after a long life, else longer each time.
 *
 * @param shortLives how many in a row have been short, the last one included
 */
export function restartPauseMs(shortLives: number): number {
  return shortLives === 0 ? 0 : Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** (shortLives - 1));
}

/** A process that lived so long did not end because of how it was started. */
export const LONG_LIFE_MS = 10_000;

const PAUSE_MS_MIN = 100;

/** What keeps a process from starting, a database that is down say, is tried again often enough. */
const PAUSE_MS_MAX = 10_000;
