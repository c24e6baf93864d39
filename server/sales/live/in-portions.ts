import { setImmediate } from "node:timers/promises";

/**
 * Does something for each of a crowd, in portions between which the process gets to its other work. What leaves the
 * crowd meanwhile is left out; what joins it may be included.
 *
 * A portion takes as long as the other work took since the last one. So a lone purchase hardly waits, and a crowd of
 * purchases does not keep the viewers from half of the time.
 */
export async function inPortions<Item>(
  crowd: Iterable<Item>,
  work: (item: Item) => void,
  { now = () => performance.now(), yieldToOthers = setImmediate as () => Promise<unknown> }: PortionOptions = {},
): Promise<void> {
  let startedAt = now();
  let portionMs = PORTION_MS_MIN;
  for (const item of crowd) {
    work(item);
    const doneAt = now();
    if (doneAt - startedAt < portionMs) continue;
    await yieldToOthers();
    startedAt = now();
    portionMs = Math.min(Math.max(startedAt - doneAt, PORTION_MS_MIN), PORTION_MS_MAX);
  }
}

interface PortionOptions {
  /** In ms. */
  readonly now?: () => number;
  /** Settles once everything else that was ready has had its turn. */
  readonly yieldToOthers?: () => Promise<unknown>;
}

/** Some fifty streams. A purchase gets its turn three or four times, and may meet a portion each time. */
const PORTION_MS_MIN = 0.5;

/** However much else there is to do, nothing waits longer than that for its turn. */
const PORTION_MS_MAX = 5;
