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
