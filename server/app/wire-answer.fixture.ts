/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Names in lower case, in alphabetical order, without the time and without how the body's end is found. */
  readonly headers: Record<string, string>;
  readonly body: string;
  /** How the body's end is found: the fast route knows its length, the adapter streams. */
  readonly framing: "length" | "chunks" | "none";
}

/** @throws when the answer is not whole */
export function readAnswer(text: string, { isOfHead }: { isOfHead: boolean }): WireAnswer {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) throw new Error(`no answer: ${text.slice(0, 200)}`);
  const [statusLine = "", ...lines] = text.slice(0, headEnd).split("\r\n");
  const headers = new Map(lines.map((line) => [nameOf(line), line.slice(line.indexOf(":") + 1).trim()]));
  const rest = text.slice(headEnd + 4);
  const length = headers.get("content-length");
  const isChunked = headers.get("transfer-encoding") === "chunked" && !isOfHead;
  const body = isChunked ? unchunked(rest) : rest;
  if (length !== undefined && Number(length) !== body.length && !isOfHead)
    throw new Error(`${length} bytes were to come: ${text}`);
  for (const name of ["date", "content-length", "transfer-encoding"]) headers.delete(name);
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: Object.fromEntries([...headers].sort()),
    body,
    framing: isChunked ? "chunks" : length === undefined ? "none" : "length",
  };
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(":")).toLowerCase();
}

function unchunked(text: string): string {
  let body = "";
  let rest = text;
  for (;;) {
    const lineEnd = rest.indexOf("\r\n");
    const length = Number.parseInt(rest, 16);
    if (lineEnd === -1 || Number.isNaN(length)) throw new Error(`the chunks break off: ${text}`);
    if (length === 0) return body;
    body += rest.slice(lineEnd + 2, lineEnd + 2 + length);
    rest = rest.slice(lineEnd + 4 + length);
  }
}
