import { Fault } from "../../../shared/faults.ts";
import { Coalescer } from "../../concurrency/coalescer.ts";
import type { SaleState } from "./read-states.ts";
import { SaleFeed, type Viewer } from "./sale-feed.ts";

/**
 * Brings every change of a sale to everybody who watches it, in this process and in all others on this database.
 *
 *   changed ──▶ coalesced ──▶ NOTIFY ──▶ other processes ──┐
 *      └─────────────────────────────────────────────────┴▶ hint ──▶ coalesced ──▶ one read ──▶ viewers
 *
 * A hint says which sale to look at, never what to show: that is read. Whatever gets lost on the way (a hint, the
 * connection that listens) is made up for by a regular read of all sales that are being watched, and moments at which a
 * status changes by itself have timers. Only sales with viewers are read, all of them together.
 */
export class SaleHub {
  readonly #options: SaleHubOptions;
  readonly #feeds = new Map<number, SaleFeed>();
  readonly #publisher: Coalescer<number>;
  readonly #reader: Coalescer<number>;
  readonly #sweep: NodeJS.Timeout;
  #viewerCount = 0;
  #closed = false;

  constructor(options: SaleHubOptions) {
    this.#options = options;
    this.#publisher = new Coalescer((saleIds) => this.#publish(saleIds), { intervalMs: INTERVAL_MS });
    this.#reader = new Coalescer((saleIds) => this.#read(saleIds), { intervalMs: INTERVAL_MS });
    this.#sweep = setInterval(() => this.lookAgain(), options.sweepMs ?? SWEEP_MS).unref();
  }

  /** To be called after the commit of whatever changes a sale or its stock. Costs next to nothing. */
  changed(saleId: number): void {
    this.#publisher.mark(saleId);
    this.hint(saleId);
  }

  /** Says that a sale may have changed, somewhere. */
  hint(saleId: number): void {
    if (this.#feeds.has(saleId)) this.#reader.mark(saleId);
  }

  /** Says that hints may have been lost. */
  lookAgain(): void {
    for (const saleId of this.#feeds.keys()) this.#reader.mark(saleId);
  }

  /**
   * Adds a viewer, who gets the present state at once and then each newer one.
   *
   * @param who takes a slot where slots are limited; absent for the server's own viewers
   * @returns what removes the viewer again; calling it twice does no harm
   * @throws Fault NOT_FOUND for an unknown sale, OVERLOADED or RATE_LIMITED when there are too many viewers
   */
  async join(saleId: number, viewer: Viewer, who?: Watcher): Promise<() => void> {
    if (this.#closed) throw new Fault("UNAVAILABLE", "The server is stopping. Please connect again.");
    if (this.#viewerCount >= (this.#options.viewersMax ?? VIEWERS_MAX)) throw tooManyViewers();
    const giveSlotBack = who && this.#options.takeSlot?.(who);
    this.#viewerCount++;
    const feed = this.#feedOf(saleId);
    feed.add(viewer);

    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      this.#viewerCount--;
      giveSlotBack?.();
      feed.viewers.delete(viewer);
      if (feed.viewers.size === 0) this.#drop(saleId, feed);
    };
    try {
      await feed.ready;
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Ends all streams, so that their viewers connect elsewhere, and waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const [saleId, feed] of this.#feeds) {
      feed.fail(new Fault("UNAVAILABLE", "The server is stopping. Please connect again."));
      this.#drop(saleId, feed);
    }
    await Promise.all([this.#publisher.close(), this.#reader.close()]);
  }

  viewers(saleId: number): number {
    return this.#feeds.get(saleId)?.viewers.size ?? 0;
  }

  stats(): LiveSalesStats {
    return { viewers: this.#viewerCount, sales: this.#feeds.size };
  }

  #feedOf(saleId: number): SaleFeed {
    let feed = this.#feeds.get(saleId);
    if (!feed) {
      feed = new SaleFeed(() => this.hint(saleId));
      this.#feeds.set(saleId, feed);
      this.#reader.mark(saleId);
    }
    return feed;
  }

  #drop(saleId: number, feed: SaleFeed): void {
    feed.end();
    if (this.#feeds.get(saleId) === feed) this.#feeds.delete(saleId);
  }

  async #publish(saleIds: number[]): Promise<void> {
    try {
      await this.#options.publish(saleIds);
    } catch (error) {
      // The other processes' regular read makes up for it.
      this.#options.onError?.(error);
    }
  }

  async #read(saleIds: number[]): Promise<void> {
    const watched = saleIds.flatMap((saleId) => {
      const feed = this.#feeds.get(saleId);
      return feed ? [{ saleId, feed }] : [];
    });
    if (watched.length === 0) return;
    try {
      const states = await this.#options.read(watched.map(({ saleId }) => saleId));
      const stateOf = new Map(states.map((state) => [state.saleId, state]));
      for (const { saleId, feed } of watched) {
        const state = stateOf.get(saleId);
        if (state) await feed.accept(state);
        else feed.fail(new Fault("NOT_FOUND", `There is no sale with the id ${saleId}.`));
      }
    } catch (error) {
      for (const { feed } of watched) feed.fail(error);
      this.#options.onError?.(error);
    }
  }
}

export interface SaleHubOptions {
  /** Reads the states of these sales, in one go; unknown ids are left out. */
  readonly read: (saleIds: readonly number[]) => Promise<SaleState[]>;
  /** Gives the other processes the hint that these sales have changed. */
  readonly publish: (saleIds: readonly number[]) => Promise<void>;
  /** Counts the slots of one person or address; throws a Fault when none is left, else answers what gives it back. */
  readonly takeSlot?: ((watcher: Watcher) => () => void) | undefined;
  /** Hears of what failed and will be made up for. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly viewersMax?: number | undefined;
  readonly sweepMs?: number | undefined;
}

/** Who is watching, as far as limits go. */
export interface Watcher {
  readonly address: string;
  readonly userId: string | undefined;
}

export interface LiveSalesStats {
  readonly viewers: number;
  /** Sales that someone is watching. */
  readonly sales: number;
}

function tooManyViewers(): Fault {
  const message = "More people are watching than can be shown every change. You can buy all the same; please wait.";
  return new Fault("OVERLOADED", message, { retryAfterMs: RETRY_AFTER_MS });
}

/** Somebody leaves all the time, but whoever asks every second is a crowd of their own. */
const RETRY_AFTER_MS = 10_000;

/** Ten updates a second are as smooth as a person can see numbers change. */
const INTERVAL_MS = 100;

/** A lost connection must not be noticed for longer than five seconds; the read itself takes some of them. */
const SWEEP_MS = 3_000;

/** Viewers of one process: 300 MB, were each to take the 30 kB that the bench allows (`npm run bench -- --only P10`). */
const VIEWERS_MAX = 10_000;
