import { Fault } from "../../shared/faults.ts";

/** Counts open streams per key. Keys without a stream take no memory. */
export class StreamSlots {
  readonly #taken = new Map<string, number>();

  /**
   * Takes a slot under each of these keys, or none.
   *
   * @returns what gives them back; calling it twice does no harm
   * @throws Fault RATE_LIMITED when one of them has none left
   */
  take(wanted: readonly WantedSlot[]): () => void {
    for (const { key, max, refusal } of wanted) {
      if ((this.#taken.get(key) ?? 0) >= max)
        throw new Fault("RATE_LIMITED", refusal, { retryAfterMs: RETRY_AFTER_MS });
    }
    for (const { key } of wanted) this.#count(key, 1);
    let isBack = false;
    return () => {
      if (!isBack) for (const { key } of wanted) this.#count(key, -1);
      isBack = true;
    };
  }

  #count(key: string, change: 1 | -1): void {
    const taken = (this.#taken.get(key) ?? 0) + change;
    if (taken > 0) this.#taken.set(key, taken);
    else this.#taken.delete(key);
  }
}

interface WantedSlot {
  readonly key: string;
  readonly max: number;
  /** The words for whoever finds none. */
  readonly refusal: string;
}

/** Nobody knows when a page will be closed; often enough for a person, seldom enough for the server. */
const RETRY_AFTER_MS = 10_000;
