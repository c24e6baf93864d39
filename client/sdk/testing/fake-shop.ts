import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FAULTS, type FaultCode, isRetryable } from "../../../shared/faults.ts";

/** What the shop was asked. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** From the address of a query, or the body of a mutation. */
  readonly input: unknown;
  readonly headers: IncomingMessage["headers"];
  /** Resolves when the client's end of the connection is gone. */
  readonly left: Promise<void>;
}

export type Answer = (response: ServerResponse) => void;

/** An HTTP server that answers each request with the next of the test's answers; the last one for ever. */
export class FakeShop implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #answers: Answer[];
  readonly #waiting = new Set<() => void>();

  static async start(...answers: Answer[]): Promise<FakeShop> {
    const shop = new FakeShop(answers);
    shop.#server.listen(0, "127.0.0.1");
    await once(shop.#server, "listening");
    return shop;
  }

  private constructor(answers: Answer[]) {
    this.#answers = answers;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves once the shop was asked `count` times in all. */
  async asked(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? "/", this.url);
    const body = await bodyOf(request);
    const text = request.method === "POST" ? body : address.searchParams.get("input");
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    this.requests.push({
      method: request.method ?? "",
      path: address.pathname,
      input: text ? JSON.parse(text) : undefined,
      headers: request.headers,
      left: new Promise((resolve) => response.once("close", () => resolve())),
    });
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    answer?.(response);
  }
}

export function data(value: unknown): Answer {
  return (response) => json(response, 200, { result: { data: value } });
}

export function fault(
  reason: FaultCode,
  {
    headers = {},
    ...extra
  }: { headers?: Record<string, string>; retryAfterMs?: number; issues?: unknown; errorCode?: string } = {},
): Answer {
  const { status: httpStatus, message } = FAULTS[reason];
  return (response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    json(response, httpStatus, {
      error: {
        message,
        code: -32603,
        data: { reason, retryable: isRetryable(reason), httpStatus, requestId: "request-1", ...extra },
      },
    });
  };
}

export function page(status: number, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, { "content-type": "text/html", ...headers }).end("<h1>Hello</h1>");
}

/** Breaks the connection in place of an answer. */
export const hangUp: Answer = (response) => response.destroy();

/** Breaks the connection in the middle of an answer. */
export const cutShort: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"result":', () => response.destroy());
};

/** Never answers. */
export const silence: Answer = () => {};

/** An event stream with these lines, held open; `end` breaks it off. */
export function stream(...parts: (string | "end")[]): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    for (const part of parts) {
      if (part === "end") response.end();
      else response.write(part);
    }
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  return text;
}
