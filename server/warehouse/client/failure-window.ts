import { CircuitState, type IBreaker } from "cockatiel";

/**
 * When the circuit breaker opens: once at least half of the latest tries have failed, and there are enough of them to
 * tell. (cockatiel's own counting breaker wants more than half, and its sampling one reads a clock that may be set.)
 */
export class FailureWindow implements IBreaker {
  /** The latest tries, oldest first: whether each failed. */
  #tries: boolean[] = [];
  #failures = 0;

  success(state: CircuitState): void {
    // The trial of a half-open breaker went well: what was before it says nothing about now.
    if (state === CircuitState.HalfOpen) this.#clear();
    this.#add(false);
  }

  /** @returns whether the breaker is to open */
  failure(state: CircuitState): boolean {
    this.#add(true);
    if (state !== CircuitState.Closed) return true;
    return this.#tries.length >= TRIES_MIN && this.#failures >= this.#tries.length * FAILED_SHARE;
  }

  /** For cockatiel, which can hand a breaker on to another process. Ours begins anew in each. */
  get state(): unknown {
    return undefined;
  }

  set state(_: unknown) {}

  #add(failed: boolean): void {
    this.#tries.push(failed);
    if (failed) this.#failures++;
    if (this.#tries.length > TRIES_MAX && this.#tries.shift()) this.#failures--;
  }

  #clear(): void {
    this.#tries = [];
    this.#failures = 0;
  }
}

/** Fewer say too little. */
export const TRIES_MIN = 10;

/**
 * As many as are remembered. With ten, a service that fails one call in twenty would open the breaker every few seconds at
 * a thousand calls a second; with twenty, once in some days.
 */
export const TRIES_MAX = 20;

const FAILED_SHARE = 0.5;
