import { Agent, type ClientRequest, type RequestOptions, request } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";

/**
 * Sends requests to one origin over connections that are kept. Made on node:http, since `fetch` takes more than twice the
 * processor time for each call, and a sale makes thousands of them a second.
 */
export class HttpCaller {
  readonly #agent: Agent | SecureAgent;
  readonly #request: typeof request;
  readonly #target: RequestOptions;
  readonly #path: string;

  /** @throws TypeError when the url is none */
  constructor(url: string) {
    const { protocol, hostname, port, pathname } = new URL(url);
    const isSecure = protocol === "https:";
    // The connection that was used last is the one that is least likely to have been closed at the other end.
    const settings = { keepAlive: true, scheduling: "lifo", maxFreeSockets: FREE_CONNECTIONS_MAX } as const;
    this.#agent = isSecure ? new SecureAgent(settings) : new Agent(settings);
    this.#request = isSecure ? secureRequest : request;
    // An IPv6 address stands in brackets in a URL and without them everywhere else.
    this.#target = { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port, agent: this.#agent };
    this.#path = pathname.replace(/\/+$/, "");
  }

  /** @throws Error of the connection, or when the signal aborts or the answer is cut off or too long */
  send({ method, path, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const options = { ...this.#target, method, path: `${this.#path}${path}`, headers };
      const sent: ClientRequest = this.#request(options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (text.length > ANSWER_LENGTH_MAX) sent.destroy(new Error("the answer is too long"));
        });
        response.on("end", () => {
          signal.removeEventListener("abort", onAbort);
          resolve({ status: response.statusCode ?? 0, text });
        });
        response.on("error", reject);
      });
      const onAbort = () => sent.destroy(new Error("the call was given up"));
      if (signal.aborted) onAbort();
      signal.addEventListener("abort", onAbort);
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** Cuts all connections: what is under way fails. */
  close(): void {
    this.#agent.destroy();
  }
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** With the query. */
  readonly path: string;
  readonly headers: Record<string, string | number>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** A worker's attempts at a time; more connections than that would only wait to be closed. */
const FREE_CONNECTIONS_MAX = 64;

/** Characters. A page of a hundred products with the longest texts is a tenth of this. */
const ANSWER_LENGTH_MAX = 8_000_000;
