/**
 * Every way in which a request can fail without a decision. Refusals of a purchase are not here: they are data
 * (`shared/purchases.ts`).
 */
export const FAULT_CODES = [
  "INVALID_INPUT",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "CUSTOMER_INACTIVE",
  "NOT_FOUND",
  "KEY_REUSED",
  "EMAIL_TAKEN",
  "NOT_ALLOWED_NOW",
  "INSUFFICIENT_STOCK",
  "LOCK_TIMEOUT",
  "CHANGED_MEANWHILE",
  "TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "METHOD_NOT_ALLOWED",
  "RATE_LIMITED",
  "OVERLOADED",
  "OUTCOME_UNKNOWN",
  "UNAVAILABLE",
  "INTERNAL",
] as const;

export type FaultCode = (typeof FAULT_CODES)[number];

export interface FaultKind {
  readonly httpStatus: number;
  /** The tRPC error code that carries it; its HTTP status is `httpStatus`. */
  readonly trpcCode:
    | "BAD_REQUEST"
    | "UNAUTHORIZED"
    | "FORBIDDEN"
    | "NOT_FOUND"
    | "METHOD_NOT_SUPPORTED"
    | "CONFLICT"
    | "PAYLOAD_TOO_LARGE"
    | "UNSUPPORTED_MEDIA_TYPE"
    | "UNPROCESSABLE_CONTENT"
    | "TOO_MANY_REQUESTS"
    | "INTERNAL_SERVER_ERROR"
    | "SERVICE_UNAVAILABLE";
  /** The words for a person where the place that throws has none that fit better. */
  readonly message: string;
  /** Whether the same request, with the same idempotency key, may succeed later. */
  readonly retryable: boolean;
}

export const FAULTS: Record<FaultCode, FaultKind> = {
  INVALID_INPUT: {
    httpStatus: 400,
    trpcCode: "BAD_REQUEST",
    message: "The request is not valid.",
    retryable: false,
  },
  UNAUTHENTICATED: { httpStatus: 401, trpcCode: "UNAUTHORIZED", message: "Please sign in.", retryable: false },
  FORBIDDEN: { httpStatus: 403, trpcCode: "FORBIDDEN", message: "Your account may not do this.", retryable: false },
  CUSTOMER_INACTIVE: {
    httpStatus: 403,
    trpcCode: "FORBIDDEN",
    message: "This account has been deactivated.",
    retryable: false,
  },
  NOT_FOUND: {
    httpStatus: 404,
    trpcCode: "NOT_FOUND",
    message: "There is nothing here by that name.",
    retryable: false,
  },
  KEY_REUSED: {
    httpStatus: 422,
    trpcCode: "UNPROCESSABLE_CONTENT",
    message: "This idempotency key was already used for something else.",
    retryable: false,
  },
  EMAIL_TAKEN: {
    httpStatus: 422,
    trpcCode: "UNPROCESSABLE_CONTENT",
    message: "There is already an account with this e-mail address.",
    retryable: false,
  },
  NOT_ALLOWED_NOW: {
    httpStatus: 400,
    trpcCode: "BAD_REQUEST",
    message: "This cannot be changed in the present state.",
    retryable: false,
  },
  INSUFFICIENT_STOCK: {
    httpStatus: 400,
    trpcCode: "BAD_REQUEST",
    message: "There are not that many units left.",
    retryable: false,
  },
  LOCK_TIMEOUT: {
    httpStatus: 409,
    trpcCode: "CONFLICT",
    message: "Somebody else is changing this right now. Please try again.",
    retryable: true,
  },
  CHANGED_MEANWHILE: {
    httpStatus: 409,
    trpcCode: "CONFLICT",
    message: "Somebody else has changed this meanwhile. Look at it again before you change it.",
    retryable: false,
  },
  TOO_LARGE: { httpStatus: 413, trpcCode: "PAYLOAD_TOO_LARGE", message: "The request is too large.", retryable: false },
  UNSUPPORTED_MEDIA_TYPE: {
    httpStatus: 415,
    trpcCode: "UNSUPPORTED_MEDIA_TYPE",
    message: "Please send JSON.",
    retryable: false,
  },
  METHOD_NOT_ALLOWED: {
    httpStatus: 405,
    trpcCode: "METHOD_NOT_SUPPORTED",
    message: "This address does not answer that method.",
    retryable: false,
  },
  RATE_LIMITED: {
    httpStatus: 429,
    trpcCode: "TOO_MANY_REQUESTS",
    message: "Too many requests. Please wait a moment.",
    retryable: true,
  },
  OVERLOADED: {
    httpStatus: 503,
    trpcCode: "SERVICE_UNAVAILABLE",
    message: "The crowd is too large right now. Please try again in a moment.",
    retryable: true,
  },
  OUTCOME_UNKNOWN: {
    httpStatus: 503,
    trpcCode: "SERVICE_UNAVAILABLE",
    message: "The connection broke before the answer. Ask again with the same key to learn what happened.",
    retryable: true,
  },
  UNAVAILABLE: {
    httpStatus: 503,
    trpcCode: "SERVICE_UNAVAILABLE",
    message: "The database cannot be reached right now. Please try again in a moment.",
    retryable: true,
  },
  INTERNAL: {
    httpStatus: 500,
    trpcCode: "INTERNAL_SERVER_ERROR",
    message: "Something went wrong on our side.",
    retryable: false,
  },
};

/** What a fault looks like to a program: `error.data` of a tRPC error, and the body of a REST problem. */
export interface FaultBody {
  code: FaultCode;
  message: string;
  retryable: boolean;
  requestId: string;
  /** What the database called it, in SQLite's style; present where an order failed. See `shared/orders.ts`. */
  errorCode?: string;
  /** Milliseconds to wait before trying again; present where the server knows. */
  retryAfterMs?: number;
  /** What is wrong with the input, by field; present with INVALID_INPUT. */
  issues?: { path: string; message: string }[];
}

/**
 * A failure that the caller is told about by its code. Anything else that is thrown is answered as INTERNAL,
 * and its text stays in the log.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly retryAfterMs: number | undefined;
  readonly errorCode: string | undefined;

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
  readonly errorCode?: string;
}
