import type { Rate } from "../config.ts";

/**
 * A token bucket for each key: `burst` tokens at first, and `perSecond` more each second up to `burst`.
 *
 * Memory is bounded: buckets that have filled up again are the same as new ones and are dropped, and beyond `keysMax`
 * keys the one that was used longest ago goes.
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #keysMax: number;
  readonly #now: () => number;
  /** Ordered by last use, oldest first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, options: { keysMax?: number; now?: () => number } = {}) {
    this.#rate = rate;
    this.#keysMax = options.keysMax ?? KEYS_MAX;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Takes tokens, all of them or none.
   *
   * @param count at most `burst` are ever asked of one caller: more count as `burst`
   * @returns 0 when they were taken, otherwise the milliseconds until they could be
   */
  take(key: string, count = 1): number {
    const nowMs = this.#now();
    const wanted = Math.min(count, this.#rate.burst);
    const bucket = this.#buckets.get(key);
    const tokens = bucket ? this.#refilled(bucket, nowMs) : this.#rate.burst;
    const granted = tokens >= wanted;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: granted ? tokens - wanted : tokens, atMs: nowMs });
    this.#drop(nowMs);
    return granted ? 0 : Math.ceil(((wanted - tokens) / this.#rate.perSecond) * 1000);
  }

  get size(): number {
    return this.#buckets.size;
  }

  #refilled(bucket: Bucket, nowMs: number): number {
    return Math.min(this.#rate.burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * this.#rate.perSecond);
  }

  /** Looks at the two oldest, so that each call pays for itself and the idle ones are gone in time. */
  #drop(nowMs: number): void {
    for (let looks = 0; looks < 2; looks++) {
      const oldest = this.#buckets.entries().next();
      if (oldest.done) return;
      const [key, bucket] = oldest.value;
      if (this.#buckets.size <= this.#keysMax && this.#refilled(bucket, nowMs) < this.#rate.burst) return;
      this.#buckets.delete(key);
    }
  }
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Some 100 bytes each. */
const KEYS_MAX = 100_000;
