/**
 * The server's clock as this page knows it, so that a countdown is right on a computer whose clock is not.
 *
 * An answer's `serverTime` is older by its way here, so of the latest observations the one that puts the server
 * furthest ahead is nearest to the truth; an answer that waited in a cache can then do no harm.
 */
export class ServerClock {
  readonly #monotonicMs: () => number;
  readonly #offsetsMs: number[] = [];
  #offsetMs: number | undefined;
  #roughOffsetMs: number | undefined;

  /** @param monotonicMs milliseconds that only rise; setting the computer's clock must not change them */
  constructor(monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
  }

  /** Takes note of a time that the server just sent, in ISO 8601. */
  observe(serverTime: string): void {
    const serverMs = Date.parse(serverTime);
    if (Number.isNaN(serverMs)) return;
    this.#offsetsMs.push(serverMs - this.#monotonicMs());
    if (this.#offsetsMs.length > OBSERVATIONS_KEPT) this.#offsetsMs.shift();
    this.#offsetMs = Math.max(...this.#offsetsMs);
  }

  /** Takes note of an answer's `Date`, which is good enough to tell the year and counts while nothing better is known. */
  observeDate(date: string | null): void {
    const serverMs = Date.parse(date ?? "");
    if (!Number.isNaN(serverMs)) this.#roughOffsetMs = serverMs - this.#monotonicMs();
  }

  /** Milliseconds since 1970 on the server; this computer's own until the server was heard. */
  nowMs(): number {
    const offsetMs = this.#offsetMs ?? this.#roughOffsetMs;
    return offsetMs === undefined ? Date.now() : this.#monotonicMs() + offsetMs;
  }
}

/** Enough to find a quick answer among slow ones; few enough to follow a server whose clock was set back. */
const OBSERVATIONS_KEPT = 8;

export const serverClock = new ServerClock();
