import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Something that looks like the warehouse service over real HTTP, and answers what the test wants it to. */
export interface FakeWarehouse extends AsyncDisposable {
  readonly url: string;
  /** All requests so far. */
  readonly requests: readonly FakeRequest[];
  /** How it answers from now on. */
  behave(behaviour: Behaviour): void;
  /** Resolves when that many requests have come in altogether. */
  received(count: number): Promise<void>;
  /** Closes the door: connections are refused from now on. */
  stop(): Promise<void>;
}

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Behaviour = (request: FakeRequest, index: number) => FakeAnswer | Promise<FakeAnswer>;

/** `reset` cuts the connection, `silence` never answers. */
export type FakeAnswer = { readonly status: number; readonly body: unknown } | "reset" | "silence";

export async function startFakeWarehouse(first: Behaviour = () => done("k")): Promise<FakeWarehouse> {
  const requests: FakeRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let behaviour = first;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url: path = "", headers } = request;
    const received = { method, path, headers, body: Buffer.concat(chunks).toString() };
    requests.push(received);
    const answer = behaviour(received, requests.length - 1);
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    give(response, await answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    behave(next) {
      behaviour = next;
    },
    received: (count) =>
      requests.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    stop: () => closed(server),
    [Symbol.asyncDispose]: () => closed(server),
  };
}

/** An accepted dispatch of one unit of product 1. */
export function done(reference: string): FakeAnswer {
  const updates = [{ productId: 1, quantityChange: -1, previousStock: 10, newStock: 9 }];
  return { status: 200, body: { outcome: "done", reference, updates, replayed: false } };
}

export function refused(status: number, code: string): FakeAnswer {
  const products = [{ productId: 1, requested: 1, available: 0 }];
  return { status, body: { outcome: "refused", code, message: "No.", products, replayed: false } };
}

export function broken(status = 503): FakeAnswer {
  return { status, body: { code: "BROKEN", message: "Out of order.", requestId: "r" } };
}

function give(response: ServerResponse, answer: FakeAnswer): void {
  if (answer === "silence") return;
  if (answer === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
