import { setTimeout } from "node:timers/promises";
import type { Database } from "../database/database.ts";
import { Trouble } from "../tasks/trouble.ts";
import { removeEnded } from "./remove-ended.ts";

/**
 * Removes what has ended, at once and then every hour. Several workers may do so at once: who comes second finds less.
 *
 * @param onError told once of a trouble that lasts
 * @returns ends it, once what is under way is done
 */
export function removeEndedRegularly(
  database: Database,
  { onError, everyMs = EVERY_MS }: { onError: (error: unknown) => void; everyMs?: number },
): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  const ended = removeAll();
  return {
    async close() {
      closing.abort();
      await ended;
    },
  };

  async function removeAll(): Promise<void> {
    const trouble = new Trouble(onError);
    while (!signal.aborted) {
      try {
        await removeEnded(database, signal);
        trouble.over();
      } catch (error) {
        if (!signal.aborted) trouble.met(error);
      }
      await setTimeout(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}

/** What has ended harms nobody meanwhile. */
const EVERY_MS = 3_600_000;
