import { Fault } from "../../shared/faults.ts";

/** Counts open streams per key and refuses those beyond the limit. Keys without a stream take no memory. */
export class ViewerSeats {
  readonly #perKey: number;
  readonly #taken = new Map<string, number>();

  constructor(perKey: number) {
    this.#perKey = perKey;
  }

  /**
   * @returns what gives the seat back; calling it twice does no harm
   * @throws Fault RATE_LIMITED when all seats are taken
   */
  take(key: string): () => void {
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= this.#perKey) {
      throw new Fault("RATE_LIMITED", "Too many pages of yours are watching already. Please close some.", {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    this.#taken.set(key, taken + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const others = (this.#taken.get(key) ?? 1) - 1;
      if (others > 0) this.#taken.set(key, others);
      else this.#taken.delete(key);
    };
  }

  get size(): number {
    return this.#taken.size;
  }
}

/** Nobody knows when a page will be closed; often enough for a person, seldom enough for the server. */
const RETRY_AFTER_MS = 10_000;
