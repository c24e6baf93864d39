import { Fault } from "../../shared/faults.ts";
import type { SaleFigures, ServerFigures } from "../../shared/figures.ts";
import { repeat } from "../concurrency/repeat.ts";
import { StreamSlots } from "../http/stream-slots.ts";
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
  readonly #slots = new StreamSlots();
  readonly #refreshing: { close(): Promise<void> };
  readonly #checking: { close(): Promise<void> };
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { onError } = options;
    this.#refreshing = repeat(() => this.#refreshAll(), { everyMs: EVERY_MS, onError });
    // By itself: a look-up that has to wait holds up nobody's figures.
    this.#checking = repeat(() => this.#endThoseWhoMayNot(), { everyMs: EVERY_MS, onError });
  }

  /**
   * The figures as they are, and then anew every second; a reader that is slow gets the newest. They end when the signal is
   * aborted, when the reader returns, when this process stops, and when the reader may not have them any more.
   *
   * @throws Fault NOT_FOUND for an unknown sale, OVERLOADED when too many watch, RATE_LIMITED when too many of them are this
   * user, and what the first read throws
   */
  async watch(
    saleId: number,
    { userId, stillMay, signal }: Reader,
  ): Promise<AsyncIterableIterator<SaleFigures, undefined>> {
    if (this.#isClosed) throw new Fault("UNAVAILABLE", "The server is stopping. Please connect again.");
    if (this.#readers().length >= READERS_MAX) throw new Fault("OVERLOADED", TOO_MANY, { retryAfterMs: 10_000 });
    const giveBack = this.#slots.take([{ key: userId, max: READERS_PER_USER_MAX, refusal: TOO_MANY_OF_YOURS }]);
    const feed: Feed = this.#feeds.get(saleId) ?? { saleId, readers: new Map() };
    this.#feeds.set(saleId, feed);
    const mailbox = new NewestOnly<SaleFigures>();
    const leave = () => {
      mailbox.end();
      giveBack();
      signal?.removeEventListener("abort", leave);
      feed.readers.delete(mailbox);
      if (feed.readers.size === 0 && this.#feeds.get(saleId) === feed) this.#feeds.delete(saleId);
    };
    feed.readers.set(mailbox, { stillMay, leave });
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
    for (const { leave } of this.#readers()) leave();
    await Promise.all([this.#refreshing.close(), this.#checking.close()]);
  }

  #readers(): Watching[] {
    return [...this.#feeds.values()].flatMap(({ readers }) => [...readers.values()]);
  }

  /** @returns in how many ms to come again */
  async #refreshAll(): Promise<number> {
    const beganAtMs = performance.now();
    for (const feed of this.#feeds.values()) await this.#refresh(feed);
    const tookMs = performance.now() - beganAtMs;
    return Math.max(EVERY_MS - tookMs, tookMs);
  }

  /** Their pages come again, and are told why not. */
  async #endThoseWhoMayNot(): Promise<void> {
    await Promise.all(
      this.#readers().map(async ({ stillMay, leave }) => {
        if (!(await stillMay())) leave();
      }),
    );
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
  /** Told once of an error that comes again and again. */
  readonly onError: (error: unknown) => void;
}

export interface Reader {
  readonly userId: string;
  /** Asked every second. */
  readonly stillMay: () => Promise<boolean>;
  readonly signal?: AbortSignal | undefined;
}

interface Watching extends Pick<Reader, "stillMay"> {
  /** Ends the stream, and gives its place to others. */
  leave(): void;
}

interface Feed {
  readonly saleId: number;
  readonly readers: Map<NewestOnly<SaleFigures>, Watching>;
  known?: SaleRead;
  newest?: SaleFigures;
  reading?: Promise<void> | undefined;
}

/** As often as a person can take in so many figures. */
const EVERY_MS = 1_000;

/** Each gets some 10 kB a second, made anew for each. */
const READERS_MAX = 100;

/** Screens of one person; nobody takes the places of all others. */
export const READERS_PER_USER_MAX = 10;

const TOO_MANY = "More consoles watch than this server can serve. The sale goes on; please close one.";

const TOO_MANY_OF_YOURS = "Too many consoles of yours are watching already. Please close one.";
