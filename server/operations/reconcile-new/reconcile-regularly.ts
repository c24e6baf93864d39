import { setTimeout } from "node:timers/promises";
import type { Database } from "../../database/database.ts";
import { Trouble } from "../../tasks/trouble.ts";
import { type NewRun, reconcileNew } from "./reconcile-new.ts";
import { SIZE_FIRST, sizeAfter, sizeAfterFailure } from "./run-size.ts";
import { TURN_MS, takeTurn } from "./take-turn.ts";

/**
 * Checks what is new every minute, in turns with all other workers of the store. It never throws: whatever goes wrong is
 * told, and tried again a minute later.
 *
 * @param options.onError told once of a trouble that lasts, and of every run that found something broken
 * @param options.onRun told of each run that is stored
 * @returns ends it: a run under way ends between two checks
 */
export function reconcileRegularly(
  database: Database,
  { onError, onRun }: { onError: (error: unknown) => void; onRun?: (run: NewRun) => void },
): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  const ended = takeTurns();
  return {
    async close() {
      closing.abort();
      await ended;
    },
  };

  async function takeTurns(): Promise<void> {
    const trouble = new Trouble(onError);
    let sizeMax = SIZE_FIRST;
    while (!signal.aborted) {
      let waitMs = TURN_MS;
      try {
        const turn = await takeTurn(database);
        if (turn.is === "taken") {
          const run = await reconcileNew(database, { turn: turn.turn, sizeMax, signal });
          sizeMax = sizeAfter(sizeMax, run);
          if (!run.ok) onError(new InvariantBrokenError(run));
          onRun?.(run);
          waitMs = 0;
        } else {
          waitMs = Math.min(TURN_MS, turn.waitMs + 1);
        }
        trouble.over();
      } catch (error) {
        sizeMax = sizeAfterFailure(sizeMax);
        if (!signal.aborted) trouble.met(error);
      }
      await setTimeout(waitMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}

/** For the log: what does not hold, in the words of its checks. */
class InvariantBrokenError extends Error {
  override readonly name = "InvariantBrokenError";

  constructor({ checks }: NewRun) {
    const broken = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
    super(`Something that must hold is broken. ${broken.join(" ")}`);
  }
}
