import { abortable } from "./abortable.ts";
import { backOffMs } from "./back-off.ts";
import { type Connection, callOnce, type Procedure } from "./call.ts";
import { sleep } from "./clock.ts";
import { abortedError, DoorbusterError, type DoorbusterErrorCode, networkError, timeoutError } from "./errors.ts";
import type { CallOptions, RetryOptions } from "./types.ts";

/** A query that keeps failing says so after a few seconds; the caller has lost nothing. */
export const QUERY_TRIES_MAX = 4;

/** Calls a query. It changes nothing, so it is tried again on any failure that may pass, a bounded number of times. */
export function query<Output>(connection: Connection, path: string, input: unknown, options: CallOptions = {}) {
  const plan = { ...options, triesMax: connection.queryTriesMax };
  return callWithRetry<Output>(connection, { type: "query", path, input }, plan);
}

/** Calls a mutation that has no idempotency key: sent once, and never again. */
export function mutateOnce<Output>(connection: Connection, path: string, input: unknown, options: CallOptions = {}) {
  return callWithRetry<Output>(connection, { type: "mutation", path, input }, { ...options, triesMax: 1 });
}

/**
 * Calls a mutation that the server does at most once per idempotency key, again and again with the same key until
 * it is answered, refused for good, aborted, or past its deadline.
 *
 * @throws {DoorbusterError} `outcome` is `"unknown"` unless every try was turned away before anything was done
 */
export function mutateWithKey<Output>(
  connection: Connection,
  path: string,
  input: { readonly idempotencyKey: string },
  options: RetryOptions = {},
) {
  return mutateUnderKey<Output>(connection, path, input, { ...options, idempotencyKey: input.idempotencyKey });
}

/** The same for a mutation whose key stands in another field of its input. */
export function mutateUnderKey<Output>(
  connection: Connection,
  path: string,
  input: unknown,
  options: RetryOptions & { readonly idempotencyKey: string },
) {
  const plan = { ...options, triesMax: Number.POSITIVE_INFINITY };
  return callWithRetry<Output>(connection, { type: "mutation", path, input }, plan);
}

interface RetryPlan extends RetryOptions {
  readonly triesMax: number;
  readonly idempotencyKey?: string;
}

async function callWithRetry<Output>(connection: Connection, procedure: Procedure, plan: RetryPlan): Promise<Output> {
  const { clock } = connection;
  const endsAtMs = clock.now() + (plan.deadlineMs ?? connection.deadlineMs);
  let isUndetermined = false;
  for (let tries = 1; ; tries++) {
    if (plan.signal?.aborted) throw finalError(abortedError(plan.signal), { plan, isUndetermined });
    try {
      const data = await tryOnce(connection, procedure, { signal: plan.signal, leftMs: endsAtMs - clock.now() });
      return data as Output; // The shop and its SDK are one release; what its answers hold is checked by the types.
    } catch (cause) {
      const error = cause instanceof DoorbusterError ? cause : networkError(cause);
      if (procedure.type === "mutation" && LEAVES_OPEN[error.code]) isUndetermined = true;
      const delayMs = backOffMs({ tries, retryAfterMs: error.retryAfterMs }, connection.random);
      // A wait that outlasts the deadline helps nobody: the caller hears now what they would hear then.
      if (!error.retryable || tries >= plan.triesMax || clock.now() + delayMs >= endsAtMs) {
        throw finalError(error, { plan, isUndetermined });
      }
      plan.onRetry?.({ attempt: tries, reason: error.code, delayMs });
      await sleep(clock, delayMs, plan.signal);
    }
  }
}

/** One try, bounded in time even where `fetch` does not heed its signal. */
async function tryOnce(
  connection: Connection,
  procedure: Procedure,
  { signal, leftMs }: { signal: AbortSignal | undefined; leftMs: number },
): Promise<unknown> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(abortedError(signal));
  const stopTimer = connection.clock.after(Math.min(connection.timeoutMs, leftMs), () => {
    controller.abort(timeoutError());
  });
  signal?.addEventListener("abort", onAbort);
  try {
    return await abortable(callOnce(connection, procedure, controller.signal), controller.signal);
  } finally {
    stopTimer();
    signal?.removeEventListener("abort", onAbort);
  }
}

/** What the caller gets once there will be no further try: the last error, with what it means for the change asked for. */
function finalError(
  error: DoorbusterError,
  { plan, isUndetermined }: { plan: RetryPlan; isUndetermined: boolean },
): DoorbusterError {
  const { idempotencyKey } = plan;
  if (!isUndetermined && idempotencyKey === undefined) return error;
  const details = { ...error, outcome: isUndetermined ? ("unknown" as const) : undefined, idempotencyKey };
  if (isUndetermined && error.retryable) {
    return new DoorbusterError("OUTCOME_UNKNOWN", UNKNOWN_MESSAGE, { ...details, cause: error });
  }
  return new DoorbusterError(error.code, error.message, { ...details, cause: error.cause });
}

const UNKNOWN_MESSAGE =
  "There was no answer, so it is not known whether this happened. Ask again with the same key to learn it.";

/** Whether an error leaves open that the change was made. */
const LEAVES_OPEN: Record<DoorbusterErrorCode, boolean> = {
  INVALID_INPUT: false,
  UNAUTHENTICATED: false,
  FORBIDDEN: false,
  CUSTOMER_INACTIVE: false,
  NOT_FOUND: false,
  KEY_REUSED: false,
  EMAIL_TAKEN: false,
  NOT_ALLOWED_NOW: false,
  INSUFFICIENT_STOCK: false,
  LOCK_TIMEOUT: false,
  CHANGED_MEANWHILE: false,
  TOO_LARGE: false,
  UNSUPPORTED_MEDIA_TYPE: false,
  METHOD_NOT_ALLOWED: false,
  RATE_LIMITED: false,
  OVERLOADED: false,
  OUTCOME_UNKNOWN: true,
  UNAVAILABLE: true,
  INTERNAL: true,
  NETWORK: true,
  TIMEOUT: true,
  ABORTED: true,
};
