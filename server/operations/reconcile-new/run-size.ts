/*
 * How much a run may look at: as much as fits into a second on this machine, with what else it does just now. A run holds a
 * snapshot, and as long as it does nobody cleans up behind the purchases of a hot item.
 */

/** What a slow machine can check in a second; faster ones find out. */
export const SIZE_FIRST = 10_000;

/** @returns the size of the next run */
export function sizeAfter(size: number, { seconds, isPartial }: { seconds: number; isPartial: boolean }): number {
  if (seconds > SECONDS_MAX) return Math.max(SIZE_MIN, Math.floor(size / 2));
  // Only a run that was filled says what another size would cost.
  if (isPartial && seconds < SECONDS_MAX / 3) return Math.min(SIZE_MAX, size * 2);
  return size;
}

/** It may have been too long for the deadline of its transaction. */
export function sizeAfterFailure(size: number): number {
  return Math.max(SIZE_MIN, Math.floor(size / 2));
}

const SECONDS_MAX = 1;

/** So that there is progress where each wallet has millions of movements. */
const SIZE_MIN = 100;

/** Bounds the lists of wallets and items that a run keeps in memory. */
const SIZE_MAX = 100_000;
