import { EventBytes, type EventResponse, type StreamHeaders } from "./event-response.ts";
import type { Frame, Viewer } from "./sale-feed.ts";

/**
 * Writes updates to one open response as server-sent events. While the other side does not read, nothing is piled up:
 * only the newest update is kept for later. One that does not read for long is cut off; its page connects again when it
 * comes back.
 */
export class ViewerStream implements Viewer {
  readonly #response: Response;
  /** Absent once the head is sent. */
  #headers: (() => StreamHeaders) | undefined;
  #blockedSinceMs: number | undefined;
  #pending: Frame | undefined;

  /** @param headers of the response; called before the first update, and never when none comes */
  constructor(response: Response, headers: () => StreamHeaders) {
    this.#response = response;
    this.#headers = headers;
  }

  receive(frame: Frame): void {
    const headers = this.#headers;
    if (headers) {
      this.#headers = undefined;
      this.#wrote(this.#response.open(headers(), CONNECTED, frame.event));
    } else if (this.#blockedSinceMs === undefined) this.#wrote(this.#response.write(frame.event));
    else this.#pending = frame;
  }

  /** Shows the other side that the connection lives, and finds out whether it still reads. */
  ping(): void {
    if (this.#blockedSinceMs === undefined) {
      if (this.#isOpen) this.#wrote(this.#response.write(PING));
    } else if (performance.now() - this.#blockedSinceMs > BLOCKED_MS_MAX) {
      this.#response.destroy();
    }
  }

  /** The connection goes too: a server that stops has to wait for those that are kept alive. */
  end(): void {
    if (!this.#isOpen) return;
    // A side that does not read would not read the end either.
    if (this.#blockedSinceMs === undefined) this.#response.end();
    else this.#response.destroy();
  }

  get #isOpen(): boolean {
    return this.#headers === undefined;
  }

  #wrote(takesMore: boolean): void {
    if (takesMore || this.#blockedSinceMs !== undefined) return;
    this.#blockedSinceMs = performance.now();
    this.#response.onceDrained(() => this.#unblock());
  }

  #unblock(): void {
    this.#blockedSinceMs = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#wrote(this.#response.write(pending.event));
  }
}

type Response = Pick<EventResponse, "open" | "write" | "onceDrained" | "end" | "destroy">;

/** Often enough that a page which hears nothing for `SILENCE_MS_MAX` can be sure that its connection is dead. */
export const PING_INTERVAL_MS = 3_000;

/** Three pings lost. tRPC's client then connects again by itself. */
const SILENCE_MS_MAX = 10_000;

/** A phone that goes through a tunnel comes back; one that slept for longer connects again. */
const BLOCKED_MS_MAX = 30_000;

/** The first event of tRPC's subscriptions, with what the client is to do. */
export const CONNECTED = new EventBytes(
  `event: connected\ndata: ${JSON.stringify({ reconnectAfterInactivityMs: SILENCE_MS_MAX })}\n\n`,
);
const PING = new EventBytes("event: ping\ndata: \n\n");
