import { type ServerResponse, validateHeaderName, validateHeaderValue } from "node:http";
import type { Socket } from "node:net";

/**
 * An HTTP response that is a stream of events, written to the connection itself. Node's own response would keep its
 * headers for as long as somebody watches, in many pieces, and frame every write anew.
 *
 * To HTTP/1.1 the body goes in chunks; to HTTP/1.0, which some proxies speak, it ends with the connection.
 */
export class EventResponse {
  readonly #socket: Socket;
  readonly #isChunked: boolean;

  private constructor(socket: Socket, isChunked: boolean) {
    this.#socket = socket;
    this.#isChunked = isChunked;
  }

  /**
   * @param response nothing of it may have been sent, and nothing may be sent through it from now on
   * @returns undefined while an earlier answer of this connection is still being sent: then only Node's own response
   * knows when it is this one's turn
   */
  static on(response: ServerResponse): EventResponse | undefined {
    const { socket, req } = response;
    return socket ? new EventResponse(socket, req.httpVersion === "1.1") : undefined;
  }

  /**
   * Sends the head and the first events, in one piece.
   *
   * @returns see `write`
   */
  open(headers: StreamHeaders, ...events: EventBytes[]): boolean {
    const framing = this.#isChunked
      ? { connection: "keep-alive", "transfer-encoding": "chunked" }
      : { connection: "close" };
    const head = headOf({ ...headers, date: new Date().toUTCString(), ...framing });
    this.#socket.cork();
    let takesMore = this.#socket.write(head, "latin1");
    for (const event of events) takesMore = this.write(event);
    this.#socket.uncork();
    return takesMore;
  }

  /** @returns false when the other side does not keep up; `onceDrained` tells when it does again */
  write(event: EventBytes): boolean {
    return this.#socket.write(this.#isChunked ? event.chunk : event.plain);
  }

  onceDrained(listener: () => void): void {
    this.#socket.once("drain", listener);
  }

  /** Ends the body and the connection, once everything is with the operating system. */
  end(): void {
    const destroy = () => void this.#socket.destroy();
    if (this.#isChunked) this.#socket.end(LAST_CHUNK, destroy);
    else this.#socket.end(destroy);
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

export type StreamHeaders = Readonly<Record<string, number | string | string[] | undefined>>;

/** @throws TypeError for what does not belong into a head */
function headOf(headers: StreamHeaders): string {
  let head = "HTTP/1.1 200 OK\r\n";
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    validateHeaderName(name);
    for (const line of Array.isArray(value) ? value : [String(value)]) {
      validateHeaderValue(name, line);
      head += `${name}: ${line}\r\n`;
    }
  }
  return `${head}\r\n`;
}

/**
 * The bytes of one server-sent event, made once for however many streams they go to: as they are, and framed as one
 * chunk of an HTTP/1.1 body. Node's own response would frame them anew for each stream.
 */
export class EventBytes {
  readonly #text: string;
  #plain: Buffer | undefined;
  #chunk: Buffer | undefined;

  /** @param text of the whole event, with the empty line that ends it */
  constructor(text: string) {
    this.#text = text;
  }

  get plain(): Buffer {
    this.#plain ??= Buffer.from(this.#text);
    return this.#plain;
  }

  get chunk(): Buffer {
    this.#chunk ??= Buffer.from(`${Buffer.byteLength(this.#text).toString(16)}\r\n${this.#text}\r\n`);
    return this.#chunk;
  }
}

/** Ends a body of chunks. */
export const LAST_CHUNK = Buffer.from("0\r\n\r\n");
