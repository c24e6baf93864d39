import { setTimeout } from "node:timers/promises";
import type { TaskSource } from "./handler.ts";
import { Nudge } from "./nudge.ts";
import { pauseAfter } from "./persist.ts";
import { Trouble } from "./trouble.ts";

/**
 * Has tasks made out of what has happened: regularly, and soon when it is told so. Sources may be asked by several
 * processes at once.
 */
export function deriveTasks(
  sources: readonly TaskSource[],
  { everyMs, onMade, onError }: { everyMs: number; onMade: () => void; onError: (error: unknown) => void },
): { soon(): void; close(): Promise<void> } {
  const nudge = new Nudge();
  const closing = new AbortController();
  const { signal } = closing;
  const derived = sources.length > 0 ? derive() : Promise.resolve();
  return {
    soon: () => nudge.nudge(),
    async close() {
      closing.abort();
      nudge.nudge();
      await derived;
    },
  };

  async function derive(): Promise<void> {
    const trouble = new Trouble(onError);
    while (!signal.aborted) {
      try {
        for (const source of sources) await exhaust(source);
        trouble.over();
        await setTimeout(PAUSE_MS, undefined, { signal, ref: false }).catch(() => {});
        await nudge.wait(everyMs);
      } catch (error) {
        await pauseAfter(trouble.met(error), signal);
      }
    }
  }

  async function exhaust(source: TaskSource): Promise<void> {
    while (!signal.aborted && (await source.derive()) > 0) onMade();
  }
}

/** While much happens it becomes tasks in larger sets, and leaves the processor to whoever makes it happen. */
const PAUSE_MS = 200;
