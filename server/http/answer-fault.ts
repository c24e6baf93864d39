import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { FAULTS, type Fault, type FaultCode } from "../../shared/faults.ts";
import type { Problem } from "../../shared/rest.ts";
import { faultBody, retryAfterSeconds, toFault, trpcErrorShape } from "./faults.ts";
import { LogLimiter } from "./log-limiter.ts";
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
