import { setTimeout } from "node:timers/promises";

/**
 * Does something at once and then regularly. It never throws: what goes wrong is tried again the next time.
 *
 * @param work its signal is aborted when no more is wanted. May answer in how many milliseconds to come again, else it is
 *   `everyMs`
 * @returns ends it, once what is under way is done
 */
export function repeat(
  // biome-ignore lint/suspicious/noConfusingVoidType: most have nothing to answer
  work: (signal: AbortSignal) => Promise<number | void>,
  { everyMs, pauseMs = () => everyMs, onError }: RepeatOptions,
): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  const ended = run();
  return {
    async close() {
      closing.abort();
      await ended;
    },
  };

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      let waitMs = everyMs;
      try {
        waitMs = (await work(signal)) ?? everyMs;
        failures = 0;
      } catch (error) {
        if (failures === 0 && !signal.aborted) onError(error);
        failures++;
        waitMs = pauseMs(failures);
      }
      if (waitMs > 0) await setTimeout(waitMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}

export interface RepeatOptions {
  readonly everyMs: number;
  /** How long to wait after so many failures in a row. Default: `everyMs`. */
  readonly pauseMs?: (failures: number) => number;
  /** Told once of an error that comes again and again. */
  readonly onError: (error: unknown) => void;
}
