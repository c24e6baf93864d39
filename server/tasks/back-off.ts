import type { HeldTask } from "./held-task.ts";

/**
 * How long the next attempt waits: at most twice as long each time, from the task's least to its greatest, and a random
 * share of that, so that tasks that failed together do not come again together. Never outside the two bounds.
 *
 * @param random from 0 to below 1
 */
export function backOffMs(
  { attempts, backoffMinMs, backoffMaxMs }: Pick<HeldTask, "attempts" | "backoffMinMs" | "backoffMaxMs">,
  random: number = Math.random(),
): number {
  // Beyond 2^52 nothing grows any more that an integer column can hold.
  const ceilingMs = Math.min(backoffMaxMs, backoffMinMs * 2 ** Math.min(attempts, 52));
  const floorMs = Math.max(backoffMinMs, ceilingMs / 2);
  return floorMs + random * (ceilingMs - floorMs);
}
