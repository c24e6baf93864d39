import type { OrderErrorCode } from "./order-refusals.ts";

/**
 * Every way in which a request can fail without a decision, by status. Status maps, retries, the page's verdicts and OpenAPI
 * follow from this table; what each is and what its caller can do: `fault-meanings.ts`. Refusals of a purchase are not
 * here: they are data (`refusals.ts`).
 */
export const FAULTS = {
  INVALID_INPUT: { status: 400, verdict: "turned-away", message: "The request is not valid." },
  NOT_ALLOWED_NOW: { status: 400, verdict: "refused", message: "This cannot be changed in the present state." },
  INSUFFICIENT_STOCK: { status: 400, verdict: "refused", message: "There are not that many units left." },
  UNAUTHENTICATED: { status: 401, verdict: "stuck", message: "Please sign in." },
  FORBIDDEN: { status: 403, verdict: "turned-away", message: "Your account may not do this." },
  CUSTOMER_INACTIVE: { status: 403, verdict: "turned-away", message: "This account has been deactivated." },
  NOT_FOUND: { status: 404, verdict: "turned-away", message: "There is nothing here by that name." },
  METHOD_NOT_ALLOWED: { status: 405, verdict: "turned-away", message: "This address does not answer that method." },
  LOCK_TIMEOUT: {
    status: 409,
    verdict: "again",
    message: "Somebody else is changing this right now. Please try again.",
  },
  CHANGED_MEANWHILE: {
    status: 409,
    verdict: "refused",
    message: "Somebody else has changed this meanwhile. Look at it again before you change it.",
  },
  TOO_LARGE: { status: 413, verdict: "turned-away", message: "The request is too large." },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, verdict: "turned-away", message: "Please send JSON." },
  KEY_REUSED: {
    status: 422,
    verdict: "refused",
    message: "This idempotency key was already used for something else.",
  },
  EMAIL_TAKEN: {
    status: 422,
    verdict: "turned-away",
    message: "There is already an account with this e-mail address.",
  },
  RATE_LIMITED: { status: 429, verdict: "again", message: "Too many requests. Please wait a moment." },
  INTERNAL: { status: 500, verdict: "stuck", leavesOpen: true, message: "Something went wrong on our side." },
  OVERLOADED: {
    status: 503,
    verdict: "again",
    message: "The crowd is too large right now. Please try again in a moment.",
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    verdict: "again",
    leavesOpen: true,
    message: "The connection broke before the answer. Ask again with the same key to learn what happened.",
  },
  UNAVAILABLE: {
    status: 503,
    verdict: "again",
    leavesOpen: true,
    message: "The database cannot be reached right now. Please try again in a moment.",
  },
} as const satisfies Record<string, FaultKind>;

export type FaultCode = keyof typeof FAULTS;

export const FAULT_CODES = Object.keys(FAULTS) as [FaultCode, ...FaultCode[]];

export interface FaultKind {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly verdict: FaultVerdict;
  /** Whether a change that was asked for may have been made all the same. */
  readonly leavesOpen?: true;
  /** The words for a person where the place that throws has none that fit better. */
  readonly message: string;
}

/**
 * What a fault means for a request under its key.
 *
 * - `again`: the next try may succeed.
 * - `stuck`: it may once the user or the shop has done something.
 * - `refused`: by the verb itself, which looks for the key first: nothing was done under it, by no try.
 * - `turned-away`: before any verb was reached: this try did nothing, and that says nothing about earlier ones.
 */
export type FaultVerdict = "again" | "stuck" | "refused" | "turned-away";

export type FaultStatus = FaultKind["status"];

export function isRetryable(code: FaultCode): boolean {
  return FAULTS[code].verdict === "again";
}

/** What an answer or an error is taken for that has a status and names no fault. */
export function faultOfStatus(status: number): FaultCode {
  return OF_STATUS[status] ?? (status < 500 ? "INVALID_INPUT" : "INTERNAL");
}

/** 408, 502 and 504 come from a proxy, and leave open what happened, as does its 503. */
const OF_STATUS: Readonly<Record<number, FaultCode>> = {
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_ALLOWED",
  408: "UNAVAILABLE",
  409: "LOCK_TIMEOUT",
  413: "TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  429: "RATE_LIMITED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "UNAVAILABLE",
};

/**
 * A failure that the caller is told about by its code. Anything else that is thrown is answered as INTERNAL,
 * and its text stays in the log.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly retryAfterMs: number | undefined;
  readonly errorCode: OrderErrorCode | undefined;

  constructor(code: FaultCode, message?: string, options?: FaultOptions) {
    super(message ?? FAULTS[code].message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Fault";
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
    this.errorCode = options?.errorCode;
  }
}

export interface FaultOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
  readonly errorCode?: OrderErrorCode;
}
