/**
 * Makes one look-up of many: keys that are asked for in the same turn, or while a look-up is under way, are looked up
 * together. Asking for a key that is being waited for joins it.
 *
 * @param lookUp finds many at once; keys that it leaves out are answered undefined
 */
export function lookUpTogether<T>(
  lookUp: (keys: string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | undefined> {
  let waiting = new Map<string, PromiseWithResolvers<T | undefined>>();
  let underWay = 0;
  let scheduled = false;

  return (key) => {
    let asked = waiting.get(key);
    if (!asked) {
      asked = Promise.withResolvers();
      waiting.set(key, asked);
      schedule();
    }
    return asked.promise;
  };

  function schedule(): void {
    if (scheduled || underWay >= UNDER_WAY_MAX || waiting.size === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void flush();
    });
  }

  async function flush(): Promise<void> {
    const batch = new Map([...waiting].slice(0, KEYS_MAX));
    waiting = new Map([...waiting].slice(KEYS_MAX));
    underWay++;
    schedule();
    try {
      const found = await lookUp([...batch.keys()]);
      for (const [key, asked] of batch) asked.resolve(found.get(key));
    } catch (error) {
      for (const asked of batch.values()) asked.reject(error);
    } finally {
      underWay--;
      schedule();
    }
  }
}

/** More would take connections from purchases without being faster. */
const UNDER_WAY_MAX = 2;

/** Bounds the size of one statement. */
const KEYS_MAX = 1_000;
