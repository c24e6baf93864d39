import type { Operation, TRPCLink } from "@trpc/client";
import { observable, observableToPromise } from "@trpc/server/observable";
import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { abortable } from "./abortable.ts";
import { type CallKind, kindOf } from "./calls.ts";
import { sleep } from "./clock.ts";
import { abortedError, DoorbusterError, faultOf, timeoutError, unsendableError } from "./errors.ts";
import type { RetryOptions } from "./options.ts";
import type { ShopRouter } from "./router.ts";
import type { Settings } from "./settings.ts";

/** A query that keeps failing says so after a few seconds; the caller has lost nothing. */
export const QUERY_TRIES_MAX = 4;

/** From about what a database takes to settle a full batch, up to what a buyer waits who wants to hear that a server is back. */
const PAUSE: BackOff = { minMs: 250, maxMs: 5_000, jitter: 1 };

/**
 * Sends a call again where that is safe: a query a few times; a mutation with a key, always with the same one, until it is
 * answered, refused for good, aborted, or past its deadline; any other mutation never. `deadlineMs` and `onRetry` may stand
 * in a call's context.
 *
 * @throws {DoorbusterError} of a mutation, `outcome` is `"unknown"` unless every try was turned away before anything was done
 */
export function retryLink(settings: Settings): TRPCLink<ShopRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const send = (signal: AbortSignal) => observableToPromise(next({ ...op, signal }));
        sendUntilAnswered(settings, { op, send }).then(
          (answer) => {
            observer.next(answer);
            observer.complete();
          },
          (error: DoorbusterError) => observer.error(error),
        );
        // A call that nobody waits for any more ends by its signal.
        return () => {};
      });
}

interface Call<Answer> {
  readonly op: Operation;
  readonly send: (signal: AbortSignal) => Promise<Answer>;
}

async function sendUntilAnswered<Answer>(settings: Settings, { op, send }: Call<Answer>): Promise<Answer> {
  const { clock } = settings;
  const { deadlineMs = settings.deadlineMs, onRetry } = op.context as RetryOptions;
  if (!(deadlineMs > 0)) throw unsendableError(new RangeError(`A deadline of ${deadlineMs} ms`));
  const signal = op.signal ?? undefined;
  const kind = kindOf(op.path);
  const idempotencyKey = keyOf(kind, op.input);
  const triesMax = idempotencyKey === undefined ? triesMaxOf(kind, settings) : Number.POSITIVE_INFINITY;
  const endsAtMs = clock.now() + deadlineMs;
  let isUndetermined = false;
  for (let tries = 1; ; tries++) {
    if (signal?.aborted) throw finalError(abortedError(signal), { idempotencyKey, isUndetermined });
    try {
      return await tryOnce(settings, send, { signal, leftMs: endsAtMs - clock.now() });
    } catch (cause) {
      const error = cause instanceof DoorbusterError ? cause : unsendableError(cause);
      if (op.type === "mutation" && faultOf(error.code).leavesOpen) isUndetermined = true;
      // What the server asked for is waited in full.
      const delayMs = Math.round((error.retryAfterMs ?? 0) + backOffMs(tries, PAUSE, settings.random));
      // A wait that outlasts the deadline helps nobody: the caller hears now what they would hear then.
      if (!error.retryable || tries >= triesMax || clock.now() + delayMs >= endsAtMs) {
        throw finalError(error, { idempotencyKey, isUndetermined });
      }
      onRetry?.({ attempt: tries, reason: error.code, delayMs });
      await sleep(clock, delayMs, signal);
    }
  }
}

function triesMaxOf(kind: CallKind | undefined, { queryTriesMax }: Settings): number {
  return kind === "query" || kind === "query without input" ? queryTriesMax : 1;
}

function keyOf(kind: CallKind | undefined, input: unknown): string | undefined {
  if (kind !== "idempotencyKey" && kind !== "taskId") return undefined;
  return (input as Partial<Record<typeof kind, string>> | undefined)?.[kind];
}

/** One try, bounded in time even where `fetch` does not heed its signal. */
async function tryOnce<Answer>(
  settings: Settings,
  send: (signal: AbortSignal) => Promise<Answer>,
  { signal, leftMs }: { signal: AbortSignal | undefined; leftMs: number },
): Promise<Answer> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(abortedError(signal));
  const stopTimer = settings.clock.after(Math.min(settings.timeoutMs, leftMs), () => {
    controller.abort(timeoutError());
  });
  signal?.addEventListener("abort", onAbort);
  try {
    return await abortable(send(controller.signal), controller.signal);
  } finally {
    stopTimer();
    signal?.removeEventListener("abort", onAbort);
  }
}

/** What the caller gets once there will be no further try: the last error, with what it means for the change asked for. */
function finalError(
  error: DoorbusterError,
  { idempotencyKey, isUndetermined }: { idempotencyKey: string | undefined; isUndetermined: boolean },
): DoorbusterError {
  if (!isUndetermined && idempotencyKey === undefined) return error;
  const details = {
    ...error,
    shape: error.shape ?? undefined,
    outcome: isUndetermined ? ("unknown" as const) : undefined,
    idempotencyKey,
  };
  if (isUndetermined && error.retryable) {
    const next =
      idempotencyKey === undefined ? "Look before you ask again." : "Ask again with the same key to learn it.";
    return new DoorbusterError("OUTCOME_UNKNOWN", `${UNKNOWN} ${next}`, { ...details, cause: error });
  }
  return new DoorbusterError(error.code, error.message, { ...details, cause: error.cause });
}

const UNKNOWN = "There was no answer, so it is not known whether this happened.";
