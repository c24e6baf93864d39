import type { Clock } from "../clock.ts";

/** A clock that a test moves by hand. */
export class FakeClock implements Clock {
  /** How many calls back were asked for so far. */
  started = 0;
  #nowMs = 0;
  readonly #timers = new Set<{ atMs: number; callback: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    this.started += 1;
    return () => this.#timers.delete(timer);
  }

  /** Moves on by `ms` and calls back what is due by then, in order. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      next.callback();
    }
    this.#nowMs = endMs;
  }

  /** How many calls back are still to come. */
  get pending(): number {
    return this.#timers.size;
  }
}
