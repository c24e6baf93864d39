/**
 * Keeps a crowd out of the log. What thousands run into at the same time, because there are so many of them or because
 * the database is away, is logged once with its cause, and after that once an interval as a number. To log each would
 * cost more than to serve it, and hide what else there is.
 *
 * Where it matters who ran into it, the first of each source is logged, as long as there are few.
 */
export class CrowdLog<Code extends string> {
  readonly #sayMore: (code: Code, count: number) => void;
  readonly #ofCrowds: ReadonlySet<Code> | undefined;
  readonly #intervalMs: number;
  readonly #linesMax: number;
  readonly #crowds = new Map<Code, Crowd>();

  constructor(sayMore: (code: Code, count: number) => void, options: CrowdLogOptions<Code> = {}) {
    this.#sayMore = sayMore;
    this.#ofCrowds = options.ofCrowds;
    this.#intervalMs = options.intervalMs ?? INTERVAL_MS;
    this.#linesMax = options.linesMax ?? 1;
  }

  /** @returns whether this one is to be logged by itself; else it is counted */
  isToBeLogged(code: Code, source = ""): boolean {
    if (this.#ofCrowds && !this.#ofCrowds.has(code)) return true;
    const crowd = this.#crowds.get(code) ?? this.#begin(code, new Set());
    const isKnown = crowd.known.has(source);
    if (isKnown || crowd.lines === this.#linesMax) {
      crowd.more++;
      if (isKnown && crowd.goOn.size < SOURCES_MAX) crowd.goOn.add(source);
      return false;
    }
    crowd.lines++;
    crowd.known.add(source);
    return true;
  }

  #begin(code: Code, known: Set<string>): Crowd {
    const crowd: Crowd = { known, goOn: new Set(), lines: 0, more: 0 };
    this.#crowds.set(code, crowd);
    setTimeout(() => {
      this.#crowds.delete(code);
      if (crowd.more === 0) return;
      this.#sayMore(code, crowd.more);
      // It goes on: the next one of the same source is no first one.
      this.#begin(code, crowd.goOn);
    }, this.#intervalMs).unref();
    return crowd;
  }
}

export interface CrowdLogOptions<Code extends string> {
  /** The others are rare, and each of them is worth a look. Absent: all are of crowds. */
  readonly ofCrowds?: ReadonlySet<Code>;
  readonly intervalMs?: number;
  /** How many sources are logged by themselves in an interval. Default: one. */
  readonly linesMax?: number;
}

/** What is known of one code while its interval lasts. */
interface Crowd {
  /** Sources that were logged. */
  readonly known: Set<string>;
  /** Those of them that came again. */
  readonly goOn: Set<string>;
  lines: number;
  /** How many were not logged. */
  more: number;
}

const INTERVAL_MS = 10_000;

const SOURCES_MAX = 1_000;
