/** An HTTP/1.1 response, as far as the load looks at it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Finds the end of responses that come one at a time, by content length or in chunks. The usual response arrives in one
 * piece and is read in place; one that arrives in several is put together first.
 */
export class ResponseParser {
  #held: Buffer | undefined;

  /** @returns the answer when these bytes complete it; they are not kept */
  push(bytes: Buffer): Answer | undefined {
    const whole = this.#held ? Buffer.concat([this.#held, bytes]) : bytes;
    const answer = parse(whole);
    if (answer) this.#held = undefined;
    else this.#held = this.#held ? whole : Buffer.from(bytes);
    return answer;
  }
}

function parse(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const head = bytes.toString("latin1", 0, headEnd);
  if (!head.startsWith("HTTP/1.")) throw new Error(`not an HTTP response: ${head.slice(0, 40)}`);
  const status = Number(head.slice(9, 12));
  const bodyStart = headEnd + HEAD_END.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = bodyStart + Number(length);
    return bytes.length < end ? undefined : { status, body: bytes.toString("latin1", bodyStart, end) };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) throw new Error("a response without a length");
  const body = readChunks(bytes, bodyStart);
  return body === undefined ? undefined : { status, body };
}

/** The body, or undefined when its last chunk is not there yet. Trailers are not expected. */
function readChunks(bytes: Buffer, start: number): string | undefined {
  let body = "";
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf(LINE_END, at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!Number.isFinite(size)) throw new Error("a chunk without a size");
    const chunkStart = lineEnd + LINE_END.length;
    const chunkEnd = chunkStart + size;
    if (bytes.length < chunkEnd + LINE_END.length) return undefined;
    if (size === 0) return body;
    body += bytes.toString("latin1", chunkStart, chunkEnd);
    at = chunkEnd + LINE_END.length;
  }
}

const LINE_END = "\r\n";
const HEAD_END = "\r\n\r\n";
