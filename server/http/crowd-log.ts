import type { FaultCode } from "../../shared/faults.ts";

/**
 * Keeps a crowd out of the log. What thousands run into at the same time, because there are so many of them or because
 * the database is away, is logged once with its cause, and after that once an interval as a number. To log each would
 * cost more than to serve it, and hide what else there is.
 */
export class CrowdLog {
  readonly #sayMore: (code: FaultCode, count: number) => void;
  readonly #intervalMs: number;
  /** How many followed the first one, while its interval lasts. */
  readonly #more = new Map<FaultCode, number>();

  constructor(sayMore: (code: FaultCode, count: number) => void, { intervalMs = INTERVAL_MS } = {}) {
    this.#sayMore = sayMore;
    this.#intervalMs = intervalMs;
  }

  /** @returns whether this one is to be logged by itself; else it is counted */
  isToBeLogged(code: FaultCode): boolean {
    if (!OF_CROWDS.has(code)) return true;
    const more = this.#more.get(code);
    this.#more.set(code, more === undefined ? 0 : more + 1);
    if (more !== undefined) return false;
    this.#wait(code);
    return true;
  }

  #wait(code: FaultCode): void {
    setTimeout(() => {
      const count = this.#more.get(code) ?? 0;
      this.#more.delete(code);
      if (count === 0) return;
      this.#sayMore(code, count);
      // It goes on: the next one is no first one.
      this.#more.set(code, 0);
      this.#wait(code);
    }, this.#intervalMs).unref();
  }
}

/** The others are rare, and each of them is worth a look. */
const OF_CROWDS: ReadonlySet<FaultCode> = new Set(["OVERLOADED", "UNAVAILABLE"]);

const INTERVAL_MS = 10_000;
