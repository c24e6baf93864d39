import { type FastifyReply, type FastifyRequest, LogController } from "fastify";
import type { Logger } from "pino";
import { traceIdOf } from "./request-ids.ts";

/**
 * One line for each request that is answered, with its id and its trace. What has changed something is logged always, the
 * rest while debugging, and then a line for each that comes in as well. What is of a crowd belongs to the rest: its lines would
 * cost more than its purchases do.
 */
export class RequestLog extends LogController {
  readonly #isDebugging: boolean;
  readonly #isOfCrowd: (url: string) => boolean;

  constructor(logger: Logger, isOfCrowd: (url: string) => boolean) {
    const isDebugging = logger.isLevelEnabled("debug");
    super({ requestIdLogLabel: "requestId", disableRequestLogging: !isDebugging });
    this.#isDebugging = isDebugging;
    this.#isOfCrowd = isOfCrowd;
  }

  override incomingRequest(request: FastifyRequest): void {
    if (!this.#isDebugging) return;
    request.log.info({ ...traceOf(request), method: request.method, path: pathOf(request.url) }, "request came in");
  }

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    if (!this.#isDebugging && (!hasChanged(request, reply) || this.#isOfCrowd(request.url))) return;
    const line = {
      ...traceOf(request),
      method: request.method,
      path: pathOf(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (error) request.log.warn({ ...line, err: error }, "request cut off");
    else request.log.info(line, "request answered");
  }
}

/** For the log: the trace that a request says it belongs to. The warehouse logs the same for what follows from it. */
export function traceOf({ headers }: Pick<FastifyRequest, "headers">): { traceId?: string } {
  const traceId = traceIdOf(headers);
  return traceId === undefined ? {} : { traceId };
}

function hasChanged({ method }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  return method === "POST" && statusCode < 400;
}

/** Without the query, which may hold what nobody should read. */
export function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}
