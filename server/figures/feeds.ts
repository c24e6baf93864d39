import { Fault } from "../../shared/faults.ts";
import type { SaleFigures, ServerFigures } from "../../shared/figures.ts";
import { repeat } from "../concurrency/repeat.ts";
import { NewestOnly } from "../sales/live/newest-only.ts";
import { figuresOf } from "./figures-of.ts";
import type { SaleRead } from "./read-sale.ts";

/**
 * The figures of every sale that somebody watches in this process, read once a second for all who do:
 *
 *   first reader ──▶ read at once, then every second, sale after sale ──▶ each reader gets the newest ──last one gone──▶ nothing
 *
 * However many watch, that is one connection at most, and half of its time where a read takes long.
 */
export class FigureFeeds {
  readonly #options: FeedOptions;
  readonly #feeds = new Map<number, Feed>();
  readonly #refreshing: { close(): Promise<void> };
  #checkedAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#refreshing = repeat(() => this.#refreshAll(), { everyMs: EVERY_MS, onError: options.onError });
  }

  /**
   * The figures as they are, and then anew every second; a reader that is slow gets the newest. They end when the signal is
   * aborted, when the reader returns, when this process stops, and when the user may not read them any more.
   *
   * @throws Fault NOT_FOUND for an unknown sale, OVERLOADED when too many watch, and what the first read throws
   */
  async watch(saleId: number, { userId, signal }: Reader): Promise<AsyncIterableIterator<SaleFigures, undefined>> {
    if (this.#isClosed) throw new Fault("UNAVAILABLE", "The server is stopping. Please connect again.");
    if (this.#mailboxes().length >= READERS_MAX) throw new Fault("OVERLOADED", TOO_MANY, { retryAfterMs: 10_000 });
    const feed: Feed = this.#feeds.get(saleId) ?? { saleId, readers: new Map() };
    this.#feeds.set(saleId, feed);
    const mailbox = new NewestOnly<SaleFigures>();
    feed.readers.set(mailbox, userId);
    const leave = () => {
      mailbox.end();
      signal?.removeEventListener("abort", leave);
      feed.readers.delete(mailbox);
      if (feed.readers.size === 0 && this.#feeds.get(saleId) === feed) this.#feeds.delete(saleId);
    };
    if (signal?.aborted) leave();
    else signal?.addEventListener("abort", leave, { once: true });
    if (feed.newest) mailbox.put(feed.newest);
    else
      await this.#refresh(feed).catch((error: unknown) => {
        leave();
        throw error;
      });
    const figures: AsyncIterableIterator<SaleFigures, undefined> = {
      next: () => mailbox.next(),
      async return() {
        leave();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => figures,
    };
    return figures;
  }

  /** Ends all streams, so that their readers connect elsewhere. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const [mailbox] of this.#mailboxes()) mailbox.end();
    await this.#refreshing.close();
  }

  #mailboxes(): [NewestOnly<SaleFigures>, string][] {
    return [...this.#feeds.values()].flatMap(({ readers }) => [...readers]);
  }

  /** @returns in how many ms to come again */
  async #refreshAll(): Promise<number> {
    const beganAtMs = performance.now();
    if (beganAtMs - this.#checkedAtMs > CHECK_MS) {
      this.#checkedAtMs = beganAtMs;
      await this.#endThoseWhoMayNot();
    }
    for (const feed of this.#feeds.values()) await this.#refresh(feed);
    const tookMs = performance.now() - beganAtMs;
    return Math.max(EVERY_MS - tookMs, tookMs);
  }

  /** Their pages come again, and are told why not. */
  async #endThoseWhoMayNot(): Promise<void> {
    const mailboxes = this.#mailboxes();
    if (mailboxes.length === 0) return;
    const may = await this.#options.stillMay(mailboxes.map(([, userId]) => userId));
    for (const [mailbox, userId] of mailboxes) if (!may.has(userId)) mailbox.end();
  }

  /** All who ask while a read is under way share it. */
  #refresh(feed: Feed): Promise<void> {
    feed.reading ??= this.#read(feed).finally(() => {
      feed.reading = undefined;
    });
    return feed.reading;
  }

  async #read(feed: Feed): Promise<void> {
    feed.known = await this.#options.read(feed.saleId, feed.known);
    const figures = figuresOf(feed.known, await this.#options.server());
    if (feed.newest && figures.version <= feed.newest.version) return;
    feed.newest = figures;
    for (const mailbox of feed.readers.keys()) mailbox.put(figures);
  }
}

export interface FeedOptions {
  readonly read: (saleId: number, known?: SaleRead) => Promise<SaleRead>;
  /** What this process counts. */
  readonly server: () => Promise<ServerFigures>;
  /** Of these users, those who may still read what only staff may. */
  readonly stillMay: (userIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Told once of an error that comes again and again. */
  readonly onError: (error: unknown) => void;
}

export interface Reader {
  readonly userId: string;
  readonly signal?: AbortSignal | undefined;
}

interface Feed {
  readonly saleId: number;
  readonly readers: Map<NewestOnly<SaleFigures>, string>;
  known?: SaleRead;
  newest?: SaleFigures;
  reading?: Promise<void> | undefined;
}

/** As often as a person can take in so many figures. */
const EVERY_MS = 1_000;

/** Who was deactivated is gone as soon as that, wherever it was done. */
const CHECK_MS = 5_000;

/** Each gets some 10 kB a second, made anew for each. */
const READERS_MAX = 100;

const TOO_MANY = "More consoles watch than this server can serve. The sale goes on; please close one.";
