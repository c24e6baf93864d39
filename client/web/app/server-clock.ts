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

  /** Milliseconds since 1970 on the server; this computer's own until the server was heard. */
  nowMs(): number {
    return this.#offsetMs === undefined ? Date.now() : this.#monotonicMs() + this.#offsetMs;
  }
}

/** Enough to find a quick answer among slow ones; few enough to follow a server whose clock was set back. */
const OBSERVATIONS_KEPT = 8;

export const serverClock = new ServerClock();
