import { type AddressInfo, connect } from "node:net";
import type { Auth } from "../accounts/auth.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { createLogger } from "../processes/logger.ts";
import { readConfig } from "../settings/config.ts";
import { type AppOptions, createApp } from "./create-app.ts";
import type { Services } from "./services.ts";

type CreateRouter = AppOptions["createRouter"];

/** One router served twice: by the fast route, and by tRPC's adapter alone. */
export interface TwoWays extends AsyncDisposable {
  readonly fast: OneWay;
  readonly adapter: OneWay;
  /** Sends the same bytes to both. */
  send(request: string): Promise<{ fast: WireAnswer; adapter: WireAnswer }>;
}

export interface OneWay {
  readonly url: string;
  readonly port: number;
  /** What was logged since it was last asked, without times and stacks. */
  takeLog(): unknown[];
  readonly logLength: () => number;
}

/** @param services makes each app services of its own, so that what one caller may take is counted apart */
export async function serveTwoWays(createRouter: CreateRouter, services: () => Services): Promise<TwoWays> {
  const fast = await serve(createRouter, services(), true);
  const adapter = await serve(createRouter, services(), false);
  return {
    fast,
    adapter,
    async send(request) {
      return { fast: await sendBytes(fast.port, request), adapter: await sendBytes(adapter.port, request) };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([fast.close(), adapter.close()]);
    },
  };
}

async function serve(createRouter: CreateRouter, services: Services, withFastRoute: boolean) {
  const lines: string[] = [];
  const app = await createApp({
    config: readConfig({}),
    services,
    auth: {} as Auth,
    signer: new CredentialSigner("secret"),
    createRouter,
    logger: createLogger({ mode: "production", logLevel: "warn" }, { write: (line) => void lines.push(line) }),
    isDraining: () => false,
    withFastRoute,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  lines.length = 0;
  const { port } = app.server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    logLength: () => lines.length,
    takeLog: () => lines.splice(0).map((line) => JSON.parse(line, withoutWhen)),
    close: () => app.close(),
  };
}

function withoutWhen(key: string, value: unknown): unknown {
  return key === "time" || key === "stack" ? undefined : value;
}

/** Sends bytes as they are, and reads until the server closes. */
export function sendBytes(port: number, request: string): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(request, "latin1"));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      try {
        const answer = Buffer.concat(chunks).toString("latin1");
        resolve(readAnswer(answer, { isOfHead: request.startsWith("HEAD") }));
      } catch (error) {
        reject(error);
      }
    });
  });
}

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
function readAnswer(text: string, { isOfHead }: { isOfHead: boolean }): WireAnswer {
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
