import type { Frame } from "./frame.ts";
import type { Viewer } from "./sale-feed.ts";

/**
 * Writes updates to one open response as server-sent events. While the other side does not read, nothing is piled up:
 * only the newest update is kept for later. One that does not read for long is cut off; its page connects again when it
 * comes back.
 */
export class ViewerStream implements Viewer {
  readonly #response: EventResponse;
  readonly #head: () => void;
  #isOpen = false;
  #blockedSinceMs: number | undefined;
  #pending: Frame | undefined;

  /** @param head writes the response's head; called before the first update, and never when none comes */
  constructor(response: EventResponse, head: () => void) {
    this.#response = response;
    this.#head = head;
  }

  receive(frame: Frame): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#head();
      this.#write(CONNECTED);
    }
    if (this.#blockedSinceMs === undefined) this.#write(frame.event);
    else this.#pending = frame;
  }

  /** Shows the other side that the connection lives, and finds out whether it still reads. */
  ping(): void {
    if (this.#blockedSinceMs === undefined) {
      if (this.#isOpen) this.#write(PING);
    } else if (performance.now() - this.#blockedSinceMs > BLOCKED_MS_MAX) {
      this.#response.destroy();
    }
  }

  end(): void {
    if (!this.#isOpen) return;
    // A side that does not read would not read the end either. The connection goes too: a server that stops has to wait
    // for those that are kept alive.
    const destroy = () => void this.#response.destroy();
    if (this.#blockedSinceMs === undefined) this.#response.end(destroy);
    else destroy();
  }

  #write(bytes: Buffer): void {
    if (this.#response.write(bytes) || this.#blockedSinceMs !== undefined) return;
    this.#blockedSinceMs = performance.now();
    this.#response.once("drain", () => this.#unblock());
  }

  #unblock(): void {
    this.#blockedSinceMs = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#write(pending.event);
  }
}

/** What is used of an HTTP response. */
export interface EventResponse {
  /** @returns false when the other side does not keep up; "drain" follows when it does again */
  write(bytes: Buffer): boolean;
  once(event: "drain", listener: () => void): unknown;
  /** @param onFinished called when everything is with the operating system */
  end(onFinished: () => void): unknown;
  destroy(): unknown;
}

/** Often enough that a page which hears nothing for `SILENCE_MS_MAX` can be sure that its connection is dead. */
export const PING_INTERVAL_MS = 3_000;

/** Three pings lost. tRPC's client then connects again by itself. */
const SILENCE_MS_MAX = 10_000;

/** A phone that goes through a tunnel comes back; one that slept for longer connects again. */
const BLOCKED_MS_MAX = 30_000;

/** The first event of tRPC's subscriptions, with what the client is to do. */
const CONNECTED = Buffer.from(
  `event: connected\ndata: ${JSON.stringify({ reconnectAfterInactivityMs: SILENCE_MS_MAX })}\n\n`,
);
const PING = Buffer.from("event: ping\ndata: \n\n");
