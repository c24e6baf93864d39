import { Batcher } from "../concurrency/batcher.ts";

/**
 * Makes one look-up of many: keys that are asked for in the same turn, or while look-ups are under way, are loaded at once.
 *
 * @param load finds many at once; keys that it leaves out are answered undefined
 */
export function createLoader<T>(
  load: (keys: string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | undefined> {
  const batcher = new Batcher<string, { found: T | undefined }>({
    batchMax: KEYS_MAX,
    crowdMin: 1,
    // More would take connections from purchases without being faster.
    batchesMax: { skip: 2, wait: 2 },
    gathers: true,
    isOfOne: () => false,
    async settle(keys, { onDecided }) {
      onDecided();
      const found = await load([...new Set(keys)]);
      return keys.map((key) => ({ found: found.get(key) }));
    },
  });
  return async (key) => (await batcher.ask(key)).found;
}

/** Bounds the size of one statement. */
const KEYS_MAX = 1_000;
