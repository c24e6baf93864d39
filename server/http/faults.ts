import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { ZodError, type z } from "zod";
import { FAULTS, Fault, type FaultStatus, faultOfStatus, isRetryable } from "../../shared/faults.ts";
import type { FaultBody } from "../../shared/rest.ts";
import { faultOf } from "../database/fault-of.ts";

/**
 * Says what a caller hears about anything that was thrown: the one place where errors become answers. What is not
 * known becomes INTERNAL, with its error as `cause` for the log and none of its text for the caller.
 */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof TRPCError) return faultOfTrpcError(error);
  const ofDatabase = faultOf(error);
  if (ofDatabase) return ofDatabase;
  if (isHttpError(error)) return new Fault(faultOfStatus(error.statusCode), undefined, { cause: error });
  return new Fault("INTERNAL", undefined, { cause: error });
}

/** What stands in an answer about a fault. */
export function faultBody(fault: Fault, requestId: string): FaultBody {
  const issues = issuesOf(fault);
  return {
    code: fault.code,
    message: fault.message,
    retryable: isRetryable(fault.code),
    requestId,
    ...(fault.errorCode !== undefined && { errorCode: fault.errorCode }),
    ...(fault.retryAfterMs !== undefined && { retryAfterMs: Math.ceil(fault.retryAfterMs) }),
    ...(issues && { issues }),
  };
}

/** The header `Retry-After` in whole seconds, for statuses that carry one. */
export function retryAfterSeconds(fault: Fault): number | undefined {
  const { status } = FAULTS[fault.code];
  if (status !== 429 && status !== 503) return undefined;
  return Math.max(1, Math.ceil((fault.retryAfterMs ?? 1_000) / 1000));
}

/** A procedure is called by GET or by POST: the one that was not used. */
export function allowHeader({ method }: { readonly method: string }, errors: readonly TRPCError[]): { allow?: string } {
  if (errors.every(({ code }) => code !== "METHOD_NOT_SUPPORTED")) return {};
  return { allow: method === "POST" ? "GET" : "POST" };
}

/** The header `Retry-After` of an answer that carries these errors, where it has one. */
export function retryAfterHeader(errors: readonly Error[]): Record<string, string> {
  const seconds = errors.map((error) => retryAfterSeconds(toFault(error)) ?? 0);
  const longest = Math.max(0, ...seconds);
  return longest > 0 ? { "retry-after": String(longest) } : {};
}

/** @throws Fault INVALID_INPUT */
export function parsed<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidInput(result.error);
  return result.data;
}

/** INVALID_INPUT, with what zod found wrong. */
export function invalidInput(error: ZodError): Fault {
  const [issue] = error.issues;
  const where = issue?.path.length ? `${issue.path.map(String).join(".").slice(0, ISSUE_TEXT_MAX)}: ` : "";
  const what = issue ? issue.message.slice(0, ISSUE_TEXT_MAX) : FAULTS.INVALID_INPUT.message;
  return new Fault("INVALID_INPUT", `The request is not valid. ${where}${what}`, { cause: error });
}

function faultOfTrpcError(error: TRPCError): Fault {
  const { cause, code } = error;
  if (cause instanceof Fault) return cause;
  if (code === "INTERNAL_SERVER_ERROR")
    return cause ? toFault(cause) : new Fault("INTERNAL", undefined, { cause: error });
  if (code === "BAD_REQUEST" && cause instanceof ZodError) return invalidInput(cause);
  return new Fault(faultOfStatus(getHTTPStatusCodeFromError(error)), undefined, { cause: error });
}

/** The shape of a tRPC error, the same from its adapter and from ours. */
export function trpcErrorShape(fault: Fault, requestId: string, path: string | undefined) {
  const { code: reason, message, ...rest } = faultBody(fault, requestId);
  const httpStatus = FAULTS[reason].status;
  const code = TRPC_CODES[httpStatus];
  return {
    message,
    code: TRPC_ERROR_CODES_BY_KEY[code],
    data: { code, httpStatus, ...(path !== undefined && { path }), reason, ...rest },
  };
}

const TRPC_CODES = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_SUPPORTED",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  500: "INTERNAL_SERVER_ERROR",
  503: "SERVICE_UNAVAILABLE",
} as const satisfies Record<FaultStatus, TRPCError["code"]>;

interface HttpError extends Error {
  readonly statusCode: number;
}

/** As Fastify and its plugins throw them. */
function isHttpError(error: unknown): error is HttpError {
  return (
    error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" && error.statusCode >= 400
  );
}

function issuesOf(fault: Fault): FaultBody["issues"] {
  if (fault.code !== "INVALID_INPUT" || !(fault.cause instanceof ZodError)) return undefined;
  return fault.cause.issues.slice(0, ISSUES_MAX).map(({ path, message }) => ({
    path: path.map(String).join(".").slice(0, ISSUE_TEXT_MAX),
    message: message.slice(0, ISSUE_TEXT_MAX),
  }));
}

/** An answer stays small, whatever was sent. */
const ISSUES_MAX = 20;
const ISSUE_TEXT_MAX = 200;
