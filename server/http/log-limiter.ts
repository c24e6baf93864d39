/**
 * Limits what a crowd writes into the log. What thousands run into at the same time, because there are so many of them or
 * because the database is away, is logged once with its cause, and after that once an interval as a number. To log each
 * would cost more than to serve it, and hide what else there is.
 *
 * Where it matters who ran into it, the first of each source is logged, up to `linesMax` of them in an interval.
 */
export class LogLimiter<Code extends string> {
  readonly #logMore: (code: Code, count: number) => void;
  readonly #linesMax: number;
  readonly #intervals = new Map<Code, Interval>();

  constructor(logMore: (code: Code, count: number) => void, linesMax = 1) {
    this.#logMore = logMore;
    this.#linesMax = linesMax;
  }

  /** @returns whether this one is to be logged by itself; else it is counted */
  admits(code: Code, source = ""): boolean {
    const interval = this.#intervals.get(code) ?? this.#begin(code, new Set());
    if (!interval.logged.has(source) && interval.lines < this.#linesMax) {
      interval.lines++;
      interval.logged.add(source);
      return true;
    }
    interval.more++;
    if (interval.logged.has(source) && interval.repeated.size < SOURCES_MAX) interval.repeated.add(source);
    return false;
  }

  /** @param logged sources that are known from the interval before */
  #begin(code: Code, logged: Set<string>): Interval {
    const interval = { logged, repeated: new Set<string>(), lines: 0, more: 0 };
    this.#intervals.set(code, interval);
    setTimeout(() => {
      this.#intervals.delete(code);
      if (interval.more === 0) return;
      this.#logMore(code, interval.more);
      // It goes on: the next one of the same source is no first one.
      this.#begin(code, interval.repeated);
    }, INTERVAL_MS).unref();
    return interval;
  }
}

interface Interval {
  readonly logged: Set<string>;
  readonly repeated: Set<string>;
  lines: number;
  /** How many were not logged. */
  more: number;
}

const INTERVAL_MS = 10_000;

/** So that memory is bounded while a crowd goes on. */
const SOURCES_MAX = 1_000;
