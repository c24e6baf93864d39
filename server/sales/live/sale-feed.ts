import type { SaleUpdate } from "../../../shared/sales.ts";
import { saleStatusAt } from "../sale-status.ts";
import { EventBytes } from "./event-response.ts";
import { inPortions } from "./in-portions.ts";
import { databaseTimeNow, type SaleState, updateOf } from "./read-states.ts";

/**
 * One sale that is being watched: its newest known state, its viewers, and a timer for the moment at which its status
 * changes by itself. Viewers only ever get states that are newer than what they have: of a higher version, or of a later
 * status.
 */
export class SaleFeed {
  readonly viewers = new Set<Viewer>();
  readonly #askForRead: () => void;
  readonly #first = Promise.withResolvers<void>();
  #state: SaleState | undefined;
  #published: Frame | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  /** @param askForRead called when the sale should be read anew */
  constructor(askForRead: () => void) {
    this.#askForRead = askForRead;
    // Whoever waits for it hears of a failure; nobody has to wait.
    this.#first.promise.catch(() => {});
  }

  /** Settles with the first state: until then a viewer cannot know whether there is such a sale. */
  get ready(): Promise<void> {
    return this.#first.promise;
  }

  /** Gives a viewer the present state at once when it is known; else the first state reaches it like all others. */
  add(viewer: Viewer): void {
    this.viewers.add(viewer);
    if (this.#state) viewer.receive(new Frame(updateOf(this.#state)));
  }

  /**
   * Takes what was read, and tells the viewers if it is news. Not to be called again before it is done: a crowd is told
   * in portions, between which the process gets to its other work.
   */
  async accept(state: SaleState): Promise<void> {
    if (this.#ended || (this.#state && state.version < this.#state.version)) return;
    this.#state = state;
    this.#wakeAtNextChange(state);
    const update = updateOf(state);
    const published = this.#published?.update;
    if (published?.version === update.version && published.status === update.status) return;
    const frame = new Frame(update);
    this.#published = frame;
    await inPortions(this.viewers, (viewer) => viewer.receive(frame));
    this.#first.resolve();
  }

  /** The first read failed, or there is no such sale. Without effect once there is a state. */
  fail(error: unknown): void {
    this.#first.reject(error);
  }

  /** Ends all viewers' streams. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const viewer of this.viewers) viewer.end();
    this.viewers.clear();
  }

  /** The read that follows decides by the database's clock; should it come too early, this is set again. */
  #wakeAtNextChange(state: SaleState): void {
    clearTimeout(this.#timer);
    const nowMs = databaseTimeNow(state);
    const status = saleStatusAt(state, nowMs);
    if (status === "cancelled" || status === "ended") return;
    const nextMs = status === "scheduled" ? state.startsAtMs : state.endsAtMs;
    const delayMs = Math.min(Math.max(Math.ceil(nextMs - nowMs), 1), TIMER_MS_MAX);
    this.#timer = setTimeout(this.#askForRead, delayMs).unref();
  }
}

/** Someone who watches a sale. Neither method may throw. */
export interface Viewer {
  receive(frame: Frame): void;
  /** No further updates follow; the viewer should come again, here or elsewhere. */
  end(): void;
}

/** An update, and its bytes as an event of a stream: made once, however many viewers they go to. */
export class Frame {
  readonly update: SaleUpdate;
  #event: EventBytes | undefined;

  constructor(update: SaleUpdate) {
    this.update = update;
  }

  /** A server-sent event in the words of tRPC's subscriptions. */
  get event(): EventBytes {
    this.#event ??= new EventBytes(`data: ${JSON.stringify(this.update)}\n\n`);
    return this.#event;
  }
}

/** Longer delays overflow a timer; the sale is read much more often anyway. */
const TIMER_MS_MAX = 3_600_000;
