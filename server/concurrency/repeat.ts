import { setTimeout } from "node:timers/promises";

/**
 * Does something at once and then regularly. It never throws: what goes wrong is tried again the next time.
 *
 * @param work its signal is aborted when no more is wanted. May answer in how many milliseconds to come again, else it is
 *   `everyMs`
 * @param options.onError told once of an error that comes again and again
 * @returns ends it, once what is under way is done
 */
export function repeat(
  // biome-ignore lint/suspicious/noConfusingVoidType: most have nothing to answer
  work: (signal: AbortSignal) => Promise<number | void>,
  { everyMs, onError }: { everyMs: number; onError: (error: unknown) => void },
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
    let isFailing = false;
    while (!signal.aborted) {
      let waitMs = everyMs;
      try {
        waitMs = (await work(signal)) ?? everyMs;
        isFailing = false;
      } catch (error) {
        if (!isFailing && !signal.aborted) onError(error);
        isFailing = true;
      }
      await setTimeout(waitMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}
