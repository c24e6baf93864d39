import { connect, type Socket } from "node:net";
import { Fault } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { BuyRequest } from "../purchases/facts.ts";
import { FrameReader, toFrame } from "./frames.ts";
import { type AnswerMessage, type Ask, receivedFault } from "./link-messages.ts";

/** The other process has not settled a request, as far as anybody knows here: whoever asked settles it itself. */
export class NotSettledThere extends Error {
  override readonly name = "NotSettledThere";
}

/**
 * Asks one other process to settle purchases.
 *
 *     closed ──▶ connecting ──▶ open ──▶ leaving
 *                    ▲            │         │
 *                    └── broken ◀─┴─────────┘
 *
 * - All that is asked in one turn of the event loop travels in one message.
 * - When the connection breaks, or the other process gives no sign of life while something is asked of it, everything
 *   asked comes back as `NotSettledThere`, and the connection is made again, at growing intervals.
 * - A process that is leaving answers what it was asked and is asked nothing more.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #asked = new Map<number, Asked>();
  #outbox: Ask[] = [];
  #state: State = "connecting";
  #socket: Socket | undefined;
  #failures = 0;
  #number = 0;
  #silentLooks = 0;
  #watch: NodeJS.Timeout | undefined;
  #reconnect: NodeJS.Timeout | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Requests that were asked and not answered. */
  get asked(): number {
    return this.#asked.size;
  }

  /**
   * @throws Fault as the other process's desk does; OUTCOME_UNKNOWN when it takes too long
   * @throws NotSettledThere
   */
  ask(request: Omit<BuyRequest, "id">): Promise<PurchaseResult> {
    if (this.#state !== "open" || this.#asked.size >= ASKED_MAX) return Promise.reject(new NotSettledThere());
    const number = this.#number++;
    const { promise, resolve, reject } = Promise.withResolvers<PurchaseResult>();
    if (this.#asked.size === 0) this.#watchOver();
    this.#asked.set(number, { resolve, reject, askedAt: performance.now() });
    if (this.#outbox.length === 0) setImmediate(() => this.#send());
    this.#outbox.push([number, request.userId, request.itemId, request.quantity, request.idempotencyKey]);
    return promise;
  }

  close(): void {
    this.#enter("closed");
    clearTimeout(this.#reconnect);
    this.#socket?.destroy();
    this.#giveBack();
  }

  #enter(state: State): void {
    this.#state = state;
    this.#options.onChange?.();
  }

  #connect(): void {
    this.#enter("connecting");
    const socket = connect(this.#options.path);
    const reader = new FrameReader();
    this.#socket = socket;
    socket.on("connect", () => {
      socket.write(toFrame({ password: this.#options.password }));
      this.#failures = 0;
      this.#enter("open");
    });
    socket.on("data", (bytes) => {
      this.#silentLooks = 0;
      try {
        for (const message of reader.push(bytes)) this.#receive(message as AnswerMessage);
      } catch {
        socket.destroy();
      }
    });
    // Whatever the error is, the end of the connection follows it.
    socket.on("error", () => {});
    socket.on("close", () => this.#broken(socket));
  }

  #broken(socket: Socket): void {
    if (this.#state === "closed" || this.#socket !== socket) return;
    this.#enter("broken");
    this.#giveBack();
    const pauseMs = Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** this.#failures);
    this.#failures += 1;
    this.#reconnect = setTimeout(() => this.#connect(), pauseMs).unref();
  }

  #send(): void {
    const asks = this.#outbox;
    this.#outbox = [];
    if (this.#state === "closed" || this.#state === "broken") return;
    for (let start = 0; start < asks.length; start += ASKS_PER_MESSAGE) {
      this.#socket?.write(toFrame({ asks: asks.slice(start, start + ASKS_PER_MESSAGE) }));
    }
  }

  #receive(message: AnswerMessage): void {
    if (message.leaving && this.#state === "open") this.#enter("leaving");
    for (const answer of message.answers ?? []) {
      const asked = this.#take(answer[0]);
      if (answer[1] === "decided") asked?.resolve(answer[2]);
      else if (answer[1] === "failed") asked?.reject(receivedFault(answer[2]));
      else asked?.reject(new NotSettledThere());
    }
  }

  #take(number: number): Asked | undefined {
    const asked = this.#asked.get(number);
    this.#asked.delete(number);
    if (this.#asked.size === 0) this.#watchNoMore();
    return asked;
  }

  #giveBack(): void {
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    this.#outbox = [];
    this.#watchNoMore();
    for (const { reject } of asked) reject(new NotSettledThere());
  }

  #watchOver(): void {
    this.#silentLooks = 0;
    this.#watch = setInterval(() => this.#look(), LOOK_INTERVAL_MS);
  }

  #watchNoMore(): void {
    clearInterval(this.#watch);
  }

  /** Counts looks rather than time: when it was this process that stood still, what arrived meanwhile is read first. */
  #look(): void {
    if (this.#silentLooks >= SILENT_LOOKS_MAX) {
      this.#socket?.destroy();
      return;
    }
    if (this.#silentLooks > 0) this.#socket?.write(toFrame({}));
    this.#silentLooks += 1;
    const longAgo = performance.now() - ANSWER_MS_MAX;
    for (const [number, { askedAt }] of this.#asked) {
      if (askedAt > longAgo) break;
      this.#take(number)?.reject(new Fault("OUTCOME_UNKNOWN"));
    }
  }
}

export interface LinkOptions {
  /** The other process's socket. */
  readonly path: string;
  /** Shows that this process belongs to the same shop. */
  readonly password: string;
  /** Called whenever `isOpen` may have changed. */
  readonly onChange?: () => void;
}

/** As many as may wait in the line of an item. */
const ASKED_MAX = 20_000;

/** As many as a batch of purchases may hold; some 100 bytes each. */
const ASKS_PER_MESSAGE = 512;

/** A process that has something to answer is given up after one and a half seconds of silence. */
const LOOK_INTERVAL_MS = 250;
const SILENT_LOOKS_MAX = 6;

/** Ten seconds in line and eight in a transaction are the most that a desk that lives needs; no caller waits for longer. */
const ANSWER_MS_MAX = 20_000;

const RECONNECT_MS_MIN = 20;
const RECONNECT_MS_MAX = 1_000;

type State = "connecting" | "open" | "leaving" | "broken" | "closed";

interface Asked {
  readonly resolve: (result: PurchaseResult) => void;
  readonly reject: (error: Error) => void;
  readonly askedAt: number;
}
