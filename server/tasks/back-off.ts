import { backOffMs } from "../../shared/back-off.ts";
import type { HeldTask } from "./handler.ts";

/** How long a task's next attempt waits: between its least and its greatest back-off, in ms. */
export function taskBackOffMs(
  { attempts, backoffMinMs, backoffMaxMs }: Pick<HeldTask, "attempts" | "backoffMinMs" | "backoffMaxMs">,
  random?: () => number,
): number {
  const bounds = { minMs: 2 * backoffMinMs, maxMs: backoffMaxMs, jitter: 0.5 };
  return Math.max(backoffMinMs, backOffMs(attempts, bounds, random));
}
