/**
 * Makes one look-up of many: keys that are asked for in the same turn, or while look-ups are under way, are loaded at once.
 * Asking for a key that is being waited for joins it.
 *
 * @param load finds many at once; keys that it leaves out are answered undefined
 */
export function createLoader<T>(
  load: (keys: string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | undefined> {
  const waiting = new Map<string, PromiseWithResolvers<T | undefined>>();
  let underWay = 0;

  return (key) => {
    if (waiting.size === 0) setImmediate(loadNext);
    let asked = waiting.get(key);
    if (!asked) {
      asked = Promise.withResolvers();
      waiting.set(key, asked);
    }
    return asked.promise;
  };

  async function loadNext(): Promise<void> {
    if (underWay >= UNDER_WAY_MAX || waiting.size === 0) return;
    const batch = [...waiting].slice(0, KEYS_MAX);
    for (const [key] of batch) waiting.delete(key);
    underWay++;
    void loadNext();
    try {
      const found = await load(batch.map(([key]) => key));
      for (const [key, asked] of batch) asked.resolve(found.get(key));
    } catch (error) {
      for (const [, asked] of batch) asked.reject(error);
    } finally {
      underWay--;
      setImmediate(loadNext);
    }
  }
}

/** More would take connections from purchases without being faster. */
const UNDER_WAY_MAX = 2;

/** Bounds the size of one statement. */
const KEYS_MAX = 1_000;
