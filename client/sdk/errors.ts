import { TRPCClientError } from "@trpc/client";
import { FAULTS, type FaultCode, type FaultKind } from "../../shared/faults.ts";
import type { ERROR_SHAPE, ShopRouter } from "./router.ts";

/** The server's codes, and those of a call that got no answer. */
export type DoorbusterErrorCode = FaultCode | "NETWORK" | "TIMEOUT" | "ABORTED";

/** What an error means for the request that met it. */
export function faultOf(code: DoorbusterErrorCode): Pick<FaultKind, "verdict" | "leavesOpen"> {
  return code in FAULTS ? FAULTS[code as FaultCode] : NO_ANSWER;
}

const NO_ANSWER = { verdict: "again", leavesOpen: true } as const;

export interface InputIssue {
  readonly path: string;
  readonly message: string;
}

export interface DoorbusterErrorDetails {
  readonly httpStatus?: number | undefined;
  readonly retryable?: boolean | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly issues?: readonly InputIssue[] | undefined;
  readonly errorCode?: string | undefined;
  readonly outcome?: "unknown" | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly cause?: unknown;
  /** What the server answered, where it was in tRPC's envelope. */
  readonly shape?: typeof ERROR_SHAPE | undefined;
}

/**
 * Every failure of a call that is not an answer. A refused purchase is an answer, not an error.
 * `message` is a sentence for people.
 */
export class DoorbusterError extends TRPCClientError<ShopRouter> {
  readonly code: DoorbusterErrorCode;
  /** The answer's HTTP status; absent where there was no answer. */
  readonly httpStatus: number | undefined;
  /** Whether the same call, with the same idempotency key, may succeed later. */
  readonly retryable: boolean;
  /** Stands in the server's log; worth quoting when asking for help. */
  readonly requestId: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What is wrong with the input, by field; with `INVALID_INPUT`. */
  readonly issues: readonly InputIssue[] | undefined;
  /** What the database's own functions call the failure of an order, for example `SQLITE_LOCKED`. */
  readonly errorCode: string | undefined;
  /**
   * `"unknown"` when the change may or may not have happened. Ask again with `idempotencyKey` to learn which:
   * it never happens twice under one key. Absent when nothing was changed.
   */
  readonly outcome: "unknown" | undefined;
  /** The key that the call was sent with, given or made. */
  readonly idempotencyKey: string | undefined;

  constructor(code: DoorbusterErrorCode, message: string, details: DoorbusterErrorDetails = {}) {
    const { cause, shape } = details;
    super(message, {
      ...(cause !== undefined && { cause: cause as Error }),
      ...(shape !== undefined && { result: { error: shape } }),
    });
    // tRPC's constructor makes every error one of its own class.
    Object.setPrototypeOf(this, DoorbusterError.prototype);
    this.name = "DoorbusterError";
    this.code = code;
    this.httpStatus = details.httpStatus;
    this.retryable = details.retryable ?? false;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.issues = details.issues;
    this.errorCode = details.errorCode;
    this.outcome = details.outcome;
    this.idempotencyKey = details.idempotencyKey;
  }
}

export function networkError(cause: unknown): DoorbusterError {
  return new DoorbusterError("NETWORK", "The shop could not be reached.", { retryable: true, cause });
}

/** Of what no request can be made: a number beyond JSON, a deadline that is none. Nothing was sent. */
export function unsendableError(cause: unknown): DoorbusterError {
  return new DoorbusterError(
    "INVALID_INPUT",
    `This cannot be sent: ${cause instanceof Error ? cause.message : cause}`,
    {
      cause,
    },
  );
}

export function timeoutError(): DoorbusterError {
  return new DoorbusterError("TIMEOUT", "The shop did not answer in time.", { retryable: true });
}

export function abortedError(signal: AbortSignal | undefined): DoorbusterError {
  return new DoorbusterError("ABORTED", "The call was cancelled.", { cause: signal?.reason });
}
