/** An HTTP/1.1 response, as far as the load looks at it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Makes what finds the end of responses that come one at a time, by content length or in chunks: called with bytes, which
 * it does not keep, it returns the answer that they complete. The usual response arrives in one piece and is read in place.
 */
export function answerReader(): (bytes: Buffer) => Answer | undefined {
  let held: Buffer | undefined;
  return (bytes) => {
    const whole = held ? Buffer.concat([held, bytes]) : bytes;
    const answer = parse(whole);
    held = answer ? undefined : Buffer.from(whole);
    return answer;
  };
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
  const body = readChunks(bytes.toString("latin1", bodyStart));
  return body === undefined ? undefined : { status, body };
}

/** The body, or undefined when its last chunk is not there yet. Trailers are not expected. */
function readChunks(text: string): string | undefined {
  let body = "";
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf(LINE_END, at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (!Number.isFinite(size)) throw new Error("a chunk without a size");
    const start = lineEnd + LINE_END.length;
    at = start + size + LINE_END.length;
    if (text.length < at) return undefined;
    if (size === 0) return body;
    body += text.slice(start, start + size);
  }
}

const LINE_END = "\r\n";
const HEAD_END = "\r\n\r\n";
