import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { FAULTS, Fault, type FaultCode } from "../../shared/faults.ts";
import type { Problem } from "../../shared/rest.ts";
import { faultBody, retryAfterSeconds, toFault, trpcErrorShape } from "./faults.ts";
import { LogLimiter } from "./log-limiter.ts";
import { newRequestId } from "./request-ids.ts";
import { pathOf, traceOf } from "./request-log.ts";
import { logRefusal } from "./security-log.ts";

/**
 * Answers a request with what its caller hears about an error: under /trpc in tRPC's form, elsewhere as
 * `application/problem+json`.
 */
export function answerFault(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const fault = toFault(error);
  logFault(request, fault);
  const retryAfter = retryAfterSeconds(fault);
  if (retryAfter !== undefined) reply.header("retry-after", String(retryAfter));
  reply.code(FAULTS[fault.code].status);
  if (request.url.startsWith("/trpc"))
    return reply.type(JSON_TYPE).send(JSON.stringify({ error: trpcErrorShape(fault, request.id, undefined) }));
  return reply.type(PROBLEM_TYPE).send(JSON.stringify(problem(fault, request.id, reply.statusCode)));
}

/**
 * Failures of ours are logged with their cause, those of a crowd once. What a caller did wrong is not, unless it might be
 * an attack.
 */
export function logFault(request: FastifyRequest, fault: Fault): void {
  const { status } = FAULTS[fault.code];
  if (status < 500) {
    logRefusal(request, fault);
    return;
  }
  if (OF_CROWDS.has(fault.code) && !limiterOf(request.server).admits(fault.code)) return;
  const about = { ...traceOf(request), method: request.method, path: pathOf(request.url) };
  const details = { err: fault.cause ?? fault, code: fault.code, ...about };
  if (status === 500) request.log.error(details, "request failed");
  else request.log.warn(details, "request not served");
}

function limiterOf({ server, log }: FastifyInstance): LogLimiter<FaultCode> {
  let limiter = limiters.get(server);
  if (!limiter) {
    limiter = new LogLimiter((code, count) => log.warn({ code, count }, "more requests not served"));
    limiters.set(server, limiter);
  }
  return limiter;
}

/** Of each web server in this process. */
const limiters = new WeakMap<object, LogLimiter<FaultCode>>();

/** The others are rare, and each of them is worth a look. */
const OF_CROWDS: ReadonlySet<FaultCode> = new Set(["OVERLOADED", "UNAVAILABLE"]);

const JSON_TYPE = "application/json; charset=utf-8";
const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** An error as the REST routes answer it. */
export function problem(fault: Fault, requestId: string, status: number): Problem {
  const { code, ...rest } = faultBody(fault, requestId);
  return {
    type: `urn:doorbuster:problem:${code.toLowerCase().replaceAll("_", "-")}`,
    title: FAULTS[code].message,
    status,
    code,
    ...rest,
  };
}

/** Answers what could not be read as a request at all, in the same words as everything else. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const [statusLine, fault] = answerTo(error.code);
  const requestId = newRequestId();
  const body = JSON.stringify(problem(fault, requestId, Number.parseInt(statusLine, 10)));
  socket.end(
    `HTTP/1.1 ${statusLine}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ${requestId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function answerTo(code: string | undefined): [statusLine: string, fault: Fault] {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return ["431 Request Header Fields Too Large", new Fault("TOO_LARGE")];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return ["408 Request Timeout", new Fault("INVALID_INPUT", "The request took too long to arrive.")];
    default:
      return ["400 Bad Request", new Fault("INVALID_INPUT")];
  }
}
