/**
 * Counts times in buckets that grow with them, so that any quantile is right to 0.5 % however many there are, and adding
 * one costs no memory.
 */
export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #total = 0;
  max = 0;

  add(ms: number): void {
    const bucket = ms <= MS_MIN ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / MS_MIN) / LOG_STEP));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
    if (ms > this.max) this.max = ms;
  }

  get total(): number {
    return this.#total;
  }

  /** The time within which that share of all were done, in ms; 0 when there were none. */
  quantile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return Math.min(this.max, MS_MIN * STEP ** bucket);
    }
    return this.max;
  }
}

/** A microsecond. */
const MS_MIN = 0.001;
const STEP = 1.005;
const LOG_STEP = Math.log(STEP);
/** Up to some 400 s. */
const BUCKETS = 4_000;
