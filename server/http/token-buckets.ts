import type { Rate } from "../settings/config.ts";

/**
 * A token bucket for each key: `burst` tokens at first, and `perSecond` more each second up to `burst`. What a bucket
 * holds is kept as the time at which it will be full again.
 *
 * Memory is bounded. A hand goes round the buckets, by two with each call: those that have filled up again are the same
 * as new ones, and are dropped. Beyond `keysMax` keys the next one goes that was not used since the hand last came by.
 */
export class TokenBuckets {
  readonly #tokenMs: number;
  readonly #burst: number;
  readonly #keysMax: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  #hand = this.#buckets.entries();

  constructor(rate: Rate, options: { keysMax?: number; now?: () => number } = {}) {
    this.#tokenMs = 1_000 / rate.perSecond;
    this.#burst = rate.burst;
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
    const bucket = this.#buckets.get(key) ?? this.#add(key, nowMs);
    const fullAtMs = Math.max(bucket.fullAtMs, nowMs) + Math.min(count, this.#burst) * this.#tokenMs;
    const waitMs = fullAtMs - nowMs - this.#burst * this.#tokenMs;
    const granted = waitMs < ROUNDING_MS;
    if (granted) bucket.fullAtMs = fullAtMs;
    this.#use(bucket, nowMs);
    return granted ? 0 : Math.ceil(waitMs);
  }

  /** Milliseconds until a token is there, 0 when there is one; takes none. */
  waitMs(key: string): number {
    const bucket = this.#buckets.get(key);
    if (!bucket) return 0;
    bucket.used = true;
    const waitMs = bucket.fullAtMs - this.#now() - (this.#burst - 1) * this.#tokenMs;
    return waitMs < ROUNDING_MS ? 0 : Math.ceil(waitMs);
  }

  /** Takes tokens for what has been done already, also those that are not there: then the wait is the longer. */
  charge(key: string, count = 1): void {
    const nowMs = this.#now();
    const bucket = this.#buckets.get(key) ?? this.#add(key, nowMs);
    bucket.fullAtMs = Math.max(bucket.fullAtMs, nowMs) + count * this.#tokenMs;
    this.#use(bucket, nowMs);
  }

  get size(): number {
    return this.#buckets.size;
  }

  #add(key: string, nowMs: number): Bucket {
    while (this.#buckets.size >= this.#keysMax) this.#look(nowMs, { mustDrop: true });
    const bucket = { fullAtMs: nowMs, used: true };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #use(bucket: Bucket, nowMs: number): void {
    bucket.used = true;
    for (let looks = 0; looks < 2; looks++) this.#look(nowMs);
  }

  #look(nowMs: number, { mustDrop } = LOOK_ONLY): void {
    const next = this.#hand.next();
    if (next.done) {
      this.#hand = this.#buckets.entries();
      return;
    }
    const [key, bucket] = next.value;
    if (bucket.fullAtMs <= nowMs || (mustDrop && !bucket.used)) this.#buckets.delete(key);
    bucket.used = false;
  }
}

interface Bucket {
  fullAtMs: number;
  /** Since the hand last came by. */
  used: boolean;
}

const LOOK_ONLY = { mustDrop: false };

/** Sums of fractions are not exact. */
const ROUNDING_MS = 0.001;

/** Some 100 bytes each. */
const KEYS_MAX = 100_000;
