import { setImmediate } from "node:timers/promises";

/**
 * Does something for each of a crowd, in portions between which the process gets to its other work. What leaves the
 * crowd meanwhile is left out; what joins it may be included.
 */
export async function inPortions<Item>(crowd: Iterable<Item>, work: (item: Item) => void): Promise<void> {
  let done = 0;
  for (const item of crowd) {
    work(item);
    if (++done % PORTION === 0) await setImmediate();
  }
}

/** Writing to that many streams takes some 5 ms, which a purchase can wait. */
const PORTION = 250;
