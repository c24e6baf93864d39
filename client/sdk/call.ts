import { readAnswer } from "./answer.ts";
import type { Clock } from "./clock.ts";
import { DoorbusterError, networkError } from "./errors.ts";
import { newTraceparent } from "./traceparent.ts";

/** What every call of one client has in common. */
export interface Connection {
  /** Ends without a slash. */
  readonly url: string;
  readonly token: string | undefined;
  readonly credentials: RequestCredentials;
  readonly fetch: typeof globalThis.fetch;
  /** How long one try may take. */
  readonly timeoutMs: number;
  /** How long all tries of one call may take together, unless the call says otherwise. */
  readonly deadlineMs: number;
  /** How often a query is asked at most. */
  readonly queryTriesMax: number;
  /** How long `sales.watch` may hear nothing before it connects anew. */
  readonly silenceMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface Procedure {
  readonly type: "query" | "mutation";
  /** For example `purchases.buy`. */
  readonly path: string;
  readonly input?: unknown;
}

/**
 * Sends one procedure call over HTTP, once, and reads the answer.
 *
 * The envelope is tRPC's own: written here in place of its client because the status, `Retry-After` and the bodies
 * of proxies matter to a safe retry, and so that the SDK's types need nothing from the server.
 *
 * @returns the procedure's data, as it came
 * @throws {DoorbusterError}
 */
export async function callOnce(connection: Connection, procedure: Procedure, signal: AbortSignal): Promise<unknown> {
  const isQuery = procedure.type === "query";
  const response = await send(connection, {
    path: isQuery ? withInput(procedure.path, procedure.input) : procedure.path,
    method: isQuery ? "GET" : "POST",
    body: isQuery ? null : JSON.stringify(procedure.input ?? {}),
    accept: "application/json",
    ...(!isQuery && { traceparent: newTraceparent(procedure.input) }),
    signal,
  });
  return readAnswer(response);
}

/** One HTTP request with the client's credentials. Answers of any status are returned. */
export async function send(connection: Connection, request: HttpRequest): Promise<Response> {
  const headers: Record<string, string> = { accept: request.accept };
  if (request.body !== null) headers["content-type"] = "application/json";
  if (request.traceparent !== undefined) headers.traceparent = request.traceparent;
  if (connection.token !== undefined) headers.authorization = `Bearer ${connection.token}`;
  try {
    return await connection.fetch(`${connection.url}/trpc/${request.path}`, {
      method: request.method,
      headers,
      body: request.body,
      credentials: connection.credentials,
      cache: "no-store",
      redirect: "error",
      signal: request.signal,
    });
  } catch (cause) {
    throw cause instanceof DoorbusterError ? cause : networkError(cause);
  }
}

interface HttpRequest {
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly body: string | null;
  readonly accept: string;
  readonly traceparent?: string;
  readonly signal: AbortSignal;
}

/** A query's path with its input in the address, as tRPC expects it. */
export function withInput(path: string, input: unknown): string {
  return input === undefined ? path : `${path}?input=${encodeURIComponent(JSON.stringify(input))}`;
}
