import type { SaleUpdate } from "../../../../shared/sales.ts";
import type { DoorbusterClient, WatchState } from "../../../sdk/index.ts";

/**
 * Follows a sale with one stream for all tabs of this browser: over HTTP/1.1 a browser has six connections to a shop, and
 * buying must never wait for watching.
 *
 *   asking ──nobody answers──▶ leading ◀──silence, or the leader leaves──┐
 *     └───────────hears of a leader──────▶ following ────────────────────┘
 *
 * The leader has the stream, passes on what it brings, and says at each beat that it is still there. Of two leaders the one
 * with the smaller id goes on. Tabs that show another sale than the leader's read theirs at each beat. Where tabs cannot
 * hear each other, each has a stream of its own.
 *
 * The browser's locks would name a leader too, but they exist only behind TLS, where HTTP/2 has no need of one, and stay
 * with a tab that stands still. A shared worker is not to be had on every phone.
 */
export class SharedWatch {
  readonly #saleId: number;
  readonly #tab: WatchingTab;
  #channel: TabChannel | undefined;
  readonly #id: number;
  #stream: AbortController | undefined;
  #isFollowing = false;
  #state: WatchState = "connecting";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(saleId: number, tab: WatchingTab) {
    this.#saleId = saleId;
    this.#tab = tab;
    this.#id = tab.random();
    this.#channel = tab.openChannel();
    if (this.#channel) {
      this.#channel.onmessage = ({ data }) => this.#hear(data);
      this.#channel.postMessage("hello");
      this.#leadAfter(ANSWER_MS);
    } else this.#lead();
  }

  /** To be called when nobody looks at this tab any more: another one leads at once. May be called again. */
  leave(): void {
    clearTimeout(this.#timer);
    if (this.#stream) this.#channel?.postMessage("bye");
    this.#channel?.close();
    this.#channel = undefined;
    this.#stream?.abort();
  }

  #lead(): void {
    this.#isFollowing = false;
    this.#stream = new AbortController();
    void this.#watch(this.#stream.signal);
    this.#beat();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const onStateChange = (state: WatchState) => {
      this.#noteState(state);
      this.#tell();
    };
    try {
      for await (const update of this.#tab.watch({ saleId: this.#saleId }, { signal, onStateChange })) {
        this.#tab.onUpdate(update);
        this.#tell(update);
      }
    } catch {
      // A sale that cannot be watched at all: the page says so by what reading it answers.
      this.leave();
    }
  }

  #beat(): void {
    this.#tell();
    this.#timer = setTimeout(() => this.#beat(), BEAT_MS);
  }

  #tell(update?: SaleUpdate): void {
    this.#channel?.postMessage({ leaderId: this.#id, saleId: this.#saleId, state: this.#state, update });
  }

  #hear(message: TabMessage): void {
    if (message === "hello") {
      if (this.#stream) this.#tell();
    } else if (message === "bye") {
      if (!this.#stream) this.#leadAfter(ANSWER_MS);
    } else if (this.#stream && message.leaderId > this.#id) this.#tell();
    else this.#follow(message);
  }

  #follow({ saleId, state, update }: LeaderMessage): void {
    this.#stream?.abort();
    this.#stream = undefined;
    this.#leadAfter(SILENCE_MS);
    this.#noteState(state);
    if (saleId === this.#saleId && update) this.#tab.onUpdate(update);
    // What changed before this tab listened it has to read, and all of a sale that the leader does not follow.
    if (!this.#isFollowing || (saleId !== this.#saleId && !update)) this.#tab.onMissed();
    this.#isFollowing = true;
  }

  /** Those who wait for a leader do not all come forward at once. */
  #leadAfter(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lead(), waitMs * (1 + this.#tab.random()));
  }

  #noteState(state: WatchState): void {
    this.#state = state;
    this.#tab.onStateChange(state);
  }
}

/** What a tab is told, and what it brings. */
export interface WatchingTab {
  readonly onStateChange: (state: WatchState) => void;
  readonly onUpdate: (update: SaleUpdate) => void;
  /** Updates may have been missed: the sale is to be read. */
  readonly onMissed: () => void;
  readonly watch: DoorbusterClient["sales"]["watch"];
  /** Undefined where tabs cannot hear each other. */
  readonly openChannel: () => TabChannel | undefined;
  readonly random: () => number;
}

export interface TabChannel {
  onmessage: ((event: MessageEvent<TabMessage>) => void) | null;
  postMessage(message: TabMessage): void;
  close(): void;
}

export type TabMessage = "hello" | "bye" | LeaderMessage;

interface LeaderMessage {
  readonly leaderId: number;
  readonly saleId: number;
  readonly state: WatchState;
  /** Absent from a beat. */
  readonly update: SaleUpdate | undefined;
}

/** A tab that leads answers in a few milliseconds, unless it is busy drawing. */
const ANSWER_MS = 150;

/** How far behind a sale may be shown that the leader does not follow. */
const BEAT_MS = 2_000;

/** Two beats lost: the leader crashed, or stands still. */
const SILENCE_MS = 5_000;
