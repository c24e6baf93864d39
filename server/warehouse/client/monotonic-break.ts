import type { IBackoff, IBackoffFactory } from "cockatiel";

/**
 * How long a breaker stays open, by a clock that nobody can set. cockatiel itself compares `Date.now()` with a duration:
 * here that is endless until the time is over, and then past, so that a jump of the computer's clock changes nothing.
 */
export class MonotonicBreak implements IBackoffFactory<unknown> {
  readonly #openMs: number;
  #endsAt = Number.NEGATIVE_INFINITY;

  constructor(openMs: number) {
    this.#openMs = openMs;
  }

  /** Milliseconds until it is over; 0 when it is. */
  get remainingMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** cockatiel asks for it at the moment at which the breaker opens. */
  next(): IBackoff<unknown> {
    this.#endsAt = performance.now() + this.#openMs;
    const remainingMs = () => this.remainingMs;
    return {
      next: () => this.next(),
      get duration() {
        return remainingMs() > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      },
    };
  }
}
