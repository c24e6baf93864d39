/**
 * Keeps a crowd out of the log. What thousands run into at the same time, because there are so many of them or because
 * the database is away, is logged once with its cause, and after that once an interval as a number. To log each would
 * cost more than to serve it, and hide what else there is.
 */
export class CrowdLog<Code extends string> {
  readonly #sayMore: (code: Code, count: number) => void;
  readonly #ofCrowds: ReadonlySet<Code> | undefined;
  readonly #intervalMs: number;
  /** How many followed the first one, while its interval lasts. */
  readonly #more = new Map<Code, number>();

  /** @param ofCrowds the others are rare, and each of them is worth a look; absent: all are */
  constructor(
    sayMore: (code: Code, count: number) => void,
    { ofCrowds, intervalMs = INTERVAL_MS }: { ofCrowds?: ReadonlySet<Code>; intervalMs?: number } = {},
  ) {
    this.#sayMore = sayMore;
    this.#ofCrowds = ofCrowds;
    this.#intervalMs = intervalMs;
  }

  /** @returns whether this one is to be logged by itself; else it is counted */
  isToBeLogged(code: Code): boolean {
    if (this.#ofCrowds && !this.#ofCrowds.has(code)) return true;
    const more = this.#more.get(code);
    this.#more.set(code, more === undefined ? 0 : more + 1);
    if (more !== undefined) return false;
    this.#wait(code);
    return true;
  }

  #wait(code: Code): void {
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

const INTERVAL_MS = 10_000;
