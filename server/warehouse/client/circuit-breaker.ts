import type { BreakerState } from "../../../shared/warehouse.ts";
import { type BreakerView, FailedTryError } from "./warehouse-client.ts";

/**
 * When the latest tries have failed too often, nothing is sent for a while:
 *
 *   closed ──half of the latest tries have failed──▶ open ──10 s──▶ half-open ──its one try──▶ closed, or open again
 *
 * Only a `FailedTryError` is a failure. A try that began before the state changed says nothing about the one after. The time
 * is that of `performance.now()`, which nobody sets; cockatiel's breaker goes by `Date.now()`, and would stay open for an
 * hour when the computer's clock is set back by one.
 */
export class CircuitBreaker implements BreakerView {
  readonly #onChange: (from: BreakerState, to: BreakerState, reason: string | undefined) => void;
  #state: BreakerState = "closed";
  #changes = 0;
  #openUntilMs = 0;
  /** The latest tries, oldest first: whether each failed. */
  #tries: boolean[] = [];

  constructor(onChange: (from: BreakerState, to: BreakerState, reason: string | undefined) => void) {
    this.#onChange = onChange;
  }

  get state(): BreakerState {
    return this.#state;
  }

  get opensInMs(): number {
    if (this.#state === "half-open") return TRIAL_MS;
    return this.#state === "open" ? Math.max(0, this.#openUntilMs - performance.now()) : 0;
  }

  /** One try. To be called only while `opensInMs` is 0. @throws what the try throws */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.#state === "open") this.#change("half-open");
    const changes = this.#changes;
    try {
      const answer = await attempt();
      if (changes === this.#changes) this.#answered();
      return answer;
    } catch (error) {
      if (changes === this.#changes) {
        if (error instanceof FailedTryError) this.#failed(error.message);
        // An answer that somebody has to put something right is one.
        else if (this.#state === "half-open") this.#answered();
      }
      throw error;
    }
  }

  #answered(): void {
    if (this.#state === "half-open") {
      // What was before says nothing about now.
      this.#tries = [];
      this.#change("closed");
    }
    this.#remember(false);
  }

  #failed(reason: string): void {
    this.#remember(true);
    const failures = this.#tries.filter((hasFailed) => hasFailed).length;
    const areMany = this.#tries.length >= TRIES_MIN && failures >= this.#tries.length * FAILED_SHARE;
    if (this.#state === "closed" && !areMany) return;
    this.#openUntilMs = performance.now() + BREAKER_OPEN_MS;
    this.#change("open", reason);
  }

  #remember(hasFailed: boolean): void {
    this.#tries.push(hasFailed);
    if (this.#tries.length > TRIES_MAX) this.#tries.shift();
  }

  #change(to: BreakerState, reason?: string): void {
    const from = this.#state;
    this.#state = to;
    this.#changes++;
    this.#onChange(from, to, reason);
  }
}

export const BREAKER_OPEN_MS = 10_000;

/** When to ask again while a half-open breaker waits for its one try: most answers take far less. */
const TRIAL_MS = 250;

/** Fewer say too little. */
const TRIES_MIN = 10;

/**
 * As many as are remembered. With ten, a service that fails one call in twenty would open the breaker every few seconds at
 * a thousand calls a second; with twenty, once in some days.
 */
const TRIES_MAX = 20;

const FAILED_SHARE = 0.5;
