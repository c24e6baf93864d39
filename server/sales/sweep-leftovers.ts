import { setTimeout } from "node:timers/promises";
import type { Services } from "../services.ts";
import { returnDueLeftovers } from "./return-due-leftovers.ts";

/**
 * Looks for sales that are over, at once and then regularly, and returns what they have left to the inventory. Each web
 * process does so: none has to be there, and whoever comes second finds nothing to do.
 *
 * @param onError told once about a trouble that lasts
 * @returns ends it, once what is under way is done
 */
export function sweepLeftovers(
  services: Pick<Services, "database" | "liveSales">,
  { onError, everyMs = EVERY_MS }: { onError: (error: unknown) => void; everyMs?: number },
): { close(): Promise<void> } {
  const stopping = new AbortController();
  const stopped = sweep();

  async function sweep(): Promise<void> {
    let isInTrouble = false;
    while (!stopping.signal.aborted) {
      try {
        await returnDueLeftovers(services);
        isInTrouble = false;
      } catch (error) {
        if (!isInTrouble) onError(error);
        isInTrouble = true;
      }
      await setTimeout(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  }

  return {
    async close() {
      stopping.abort();
      await stopped;
    },
  };
}

/** Soon enough for whoever wants to sell the units on, and the query for it takes half a millisecond. */
const EVERY_MS = 2_000;
