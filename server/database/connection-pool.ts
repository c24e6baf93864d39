import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import type { Connection } from "./connection.ts";
import { DatabaseError, PoolTimeoutError } from "./errors.ts";

export interface ConnectionPoolOptions {
  /** Opens one connection, which calls `onLost` when it is lost. */
  readonly open: (onLost: (connection: Connection, error: Error) => void) => Promise<Connection>;
  readonly sizeMax: number;
  readonly onConnectionLost?: ((error: unknown) => void) | undefined;
}

export interface ConnectionPoolStats {
  /** Open connections: idle and busy. */
  readonly size: number;
  readonly idle: number;
  readonly busy: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
  /** Connections lost since the start. */
  readonly lost: number;
}

/**
 * Hands out connections, one caller each, first come, first served.
 *
 * Connections are opened when they are first needed, up to `sizeMax`. One that is lost is forgotten and another opened in
 * its place, at growing intervals while that fails, so the pool is whole again soon after the server is. The queue of
 * callers is bounded in length and time; the wait is shorter while no connection can be made.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #idle: Connection[] = [];
  readonly #busy = new Set<Connection>();
  readonly #queue = new Set<PromiseWithResolvers<Connection>>();
  /** Connections wanted: grows with demand, never shrinks. */
  #wanted = 0;
  #opening = 0;
  #lost = 0;
  #failures = 0;
  #lastFailure: unknown;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;
  #onAllReleased = () => {};

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
  }

  /**
   * Takes a connection, or waits for one.
   *
   * @param waitMs at most; never longer than five seconds
   * @throws PoolTimeoutError
   */
  async acquire(waitMs: number = WAIT_MS_MAX): Promise<Connection> {
    if (this.#closed) throw closedError();
    const connection = this.#idle.pop();
    if (!connection) return this.#waitInQueue(Math.max(0, Math.min(waitMs, WAIT_MS_MAX)));
    this.#busy.add(connection);
    return connection;
  }

  /** Gives a connection back; it goes to the first in the queue. A lost connection may be given back too. */
  release(connection: Connection): void {
    this.#busy.delete(connection);
    if (!connection.lostWith) this.#handOver(connection);
    if (this.#busy.size === 0) this.#onAllReleased();
  }

  /** Opens one connection now. @throws DatabaseError when that fails */
  async openFirst(): Promise<void> {
    const connection = await this.#options.open(this.#forget);
    this.#wanted = 1;
    this.#handOver(connection);
  }

  stats(): ConnectionPoolStats {
    return {
      size: this.#usable,
      idle: this.#idle.length,
      busy: this.#busy.size,
      waiting: this.#queue.size,
      lost: this.#lost,
    };
  }

  /** Takes no more callers, waits until those at work are done, but no longer than `graceMs`, and ends every connection. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    for (const waiting of this.#queue) waiting.reject(closedError());
    this.#queue.clear();
    if (this.#busy.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        this.#onAllReleased = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    for (const connection of this.#busy) {
      connection.destroy(new DatabaseError("the pool was closed before the transaction ended"));
    }
    await Promise.all(this.#idle.splice(0).map((connection) => connection.end()));
  }

  async #waitInQueue(waitMs: number): Promise<Connection> {
    if (this.#queue.size >= QUEUE_LENGTH_MAX) {
      throw new PoolTimeoutError("queue_full", "too many transactions wait for a connection");
    }
    const waiting = Promise.withResolvers<Connection>();
    const giveUp = () => {
      this.#queue.delete(waiting);
      waiting.reject(this.#timeoutError(waitMs));
    };
    const timer = setTimeout(giveUp, waitMs);
    const downTimer = setTimeout(() => this.#isDown && giveUp(), DOWN_WAIT_MS);
    this.#queue.add(waiting);
    this.#wanted = Math.min(this.#options.sizeMax, Math.max(this.#wanted, this.#usable + this.#queue.size));
    this.#fill();
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timer);
      clearTimeout(downTimer);
    }
  }

  #handOver(connection: Connection): void {
    const [first] = this.#queue;
    if (this.#closed) {
      void connection.end();
    } else if (first) {
      this.#queue.delete(first);
      this.#busy.add(connection);
      first.resolve(connection);
    } else {
      this.#idle.push(connection);
    }
  }

  get #usable(): number {
    return this.#idle.length + this.#busy.size;
  }

  get #isDown(): boolean {
    return this.#usable === 0 && this.#failures > 0;
  }

  /** Opens what is missing. While that fails, one attempt at a time, so that a server with an outage is not stormed. */
  #fill(): void {
    if (this.#closed || this.#retryTimer) return;
    const openingMax = this.#failures > 0 ? 1 : this.#options.sizeMax;
    while (this.#opening < openingMax && this.#usable + this.#opening < this.#wanted) {
      this.#opening++;
      void this.#openOne();
    }
  }

  async #openOne(): Promise<void> {
    try {
      const connection = await this.#options.open(this.#forget);
      this.#failures = 0;
      if (!connection.lostWith) this.#handOver(connection);
    } catch (error) {
      this.#failures++;
      this.#lastFailure = error;
      this.#pauseOpening();
    } finally {
      this.#opening--;
    }
    this.#fill();
  }

  #pauseOpening(): void {
    if (this.#closed || this.#retryTimer) return;
    this.#retryTimer = setTimeout(
      () => {
        this.#retryTimer = undefined;
        this.#fill();
      },
      backOffMs(this.#failures, REOPEN_PAUSE),
    );
  }

  readonly #forget = (connection: Connection, error: Error): void => {
    this.#lost++;
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#busy.delete(connection);
    if (this.#busy.size === 0) this.#onAllReleased();
    this.#fill();
    try {
      this.#options.onConnectionLost?.(error);
    } catch {
      // A log that fails must not fail the driver's clean-up, which this is called from.
    }
  };

  #timeoutError(waitedMs: number): PoolTimeoutError {
    if (this.#isDown) {
      return new PoolTimeoutError("down", "the database cannot be reached", { cause: this.#lastFailure });
    }
    return new PoolTimeoutError("busy", `no connection was free within ${Math.round(waitedMs)} ms`);
  }
}

/** Longer than any settled transaction takes; a caller that has waited so long is better told to come again. */
const WAIT_MS_MAX = 5_000;

/** While nothing can be connected to. Long enough for a fast restart of the server to go unnoticed. */
const DOWN_WAIT_MS = 2_000;

/** Memory stays bounded whatever comes in. */
const QUEUE_LENGTH_MAX = 10_000;

/** The first attempts come quickly, and the last are never further apart than a second success may take. */
const REOPEN_PAUSE: BackOff = { minMs: 50, maxMs: 1_000, jitter: 0.5 };

function closedError(): PoolTimeoutError {
  return new PoolTimeoutError("closed", "the database connections are being closed");
}
