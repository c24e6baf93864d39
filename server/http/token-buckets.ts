import type { Rate } from "../settings/config.ts";

/**
 * A token bucket for each key: `burst` tokens at first, and `perSecond` more each second up to `burst`. What a bucket
 * holds is kept as the time at which it will be full again.
 *
 * Memory is bounded by two generations, whose older one is dropped in the time that a bucket takes to fill, or with half
 * of `keysMax` new keys: a bucket that was used in neither is full, or its key gives way to those in use.
 */
export class TokenBuckets {
  readonly #tokenMs: number;
  readonly #burst: number;
  readonly #keysMax: number;
  readonly #now: () => number;
  #recent = new Map<string, Bucket>();
  #older = new Map<string, Bucket>();
  #turnsAtMs = Number.NEGATIVE_INFINITY;

  constructor({ perSecond, burst }: Rate, { keysMax = KEYS_MAX, now = () => performance.now() } = {}) {
    this.#tokenMs = 1_000 / perSecond;
    this.#burst = burst;
    this.#keysMax = keysMax;
    this.#now = now;
  }

  /**
   * Takes tokens, all of them or none.
   *
   * @param count at most `burst` are ever asked of one caller: more count as `burst`
   * @returns 0 when they were taken, otherwise the milliseconds until they could be
   */
  take(key: string, count = 1): number {
    const nowMs = this.#now();
    const bucket = this.#bucketOf(key, nowMs);
    const tokens = Math.min(count, this.#burst);
    const waitMs = this.#waitMs(bucket, nowMs, tokens);
    if (waitMs === 0) this.#draw(bucket, nowMs, tokens);
    return waitMs;
  }

  /** Milliseconds until a token is there, 0 when there is one; takes none. */
  waitMs(key: string): number {
    const nowMs = this.#now();
    return this.#waitMs(this.#bucketOf(key, nowMs), nowMs, 1);
  }

  /** Takes tokens for what has been done already, also those that are not there: then the wait is the longer. */
  charge(key: string, count = 1): void {
    const nowMs = this.#now();
    this.#draw(this.#bucketOf(key, nowMs), nowMs, count);
  }

  get size(): number {
    return this.#recent.size + this.#older.size;
  }

  #waitMs({ fullAtMs }: Bucket, nowMs: number, tokens: number): number {
    const waitMs = fullAtMs - nowMs - (this.#burst - tokens) * this.#tokenMs;
    return Math.max(0, Math.ceil(waitMs - ROUNDING_MS));
  }

  #draw(bucket: Bucket, nowMs: number, tokens: number): void {
    bucket.fullAtMs = Math.max(bucket.fullAtMs, nowMs) + tokens * this.#tokenMs;
  }

  #bucketOf(key: string, nowMs: number): Bucket {
    if (nowMs >= this.#turnsAtMs || this.#recent.size >= this.#keysMax / 2) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#turnsAtMs = nowMs + this.#burst * this.#tokenMs;
    }
    let bucket = this.#recent.get(key);
    if (!bucket) {
      bucket = this.#older.get(key) ?? { fullAtMs: nowMs };
      this.#recent.set(key, bucket);
    }
    return bucket;
  }
}

interface Bucket {
  fullAtMs: number;
}

/** Sums of fractions are not exact. */
const ROUNDING_MS = 0.001;

/** Some 100 bytes each. */
const KEYS_MAX = 100_000;
