import { Fault } from "../../shared/faults.ts";

/** Counts open streams per key and refuses those beyond the limit. Keys without a stream take no memory. */
export class ViewerSeats {
  readonly #perKey: number;
  readonly #refusal: string;
  readonly #taken = new Map<string, number>();

  /** @param refusal the words for whoever finds no seat */
  constructor(perKey: number, refusal: string) {
    this.#perKey = perKey;
    this.#refusal = refusal;
  }

  /**
   * @returns what gives the seat back; calling it twice does no harm
   * @throws Fault RATE_LIMITED when all seats are taken
   */
  take(key: string): () => void {
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= this.#perKey) {
      throw new Fault("RATE_LIMITED", this.#refusal, { retryAfterMs: RETRY_AFTER_MS });
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
