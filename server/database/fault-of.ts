import { Fault, type FaultCode } from "../../shared/faults.ts";
import { causesOf } from "./causes-of.ts";
import { DatabaseError, DeadlineError, PoolTimeoutError, RolledBackError, UnknownOutcomeError } from "./errors.ts";
import { isServerAway, SQL_STATE, sqlStateOf } from "./sqlstate.ts";

/**
 * What a caller hears of an error that came from the database, with the error as `cause`; undefined for one that no
 * caller can do anything about (answer it as INTERNAL). To be asked once, at the edge, because everything below works
 * with the errors themselves.
 */
export function faultOf(error: unknown): Fault | undefined {
  for (const cause of causesOf(error)) {
    if (cause instanceof Fault) return cause;
    const code = codeOfError(cause);
    if (code) return faultWith(code, error);
  }
  const sqlState = sqlStateOf(error);
  if (sqlState === undefined) return undefined;
  const code = codeOfState(sqlState);
  return code && faultWith(code, error, sqlState === SQL_STATE.queryCanceled ? TOOK_TOO_LONG : undefined);
}

function faultWith(code: FaultCode, cause: unknown, message?: string): Fault {
  const mayRetry = code === "OVERLOADED" || code === "UNAVAILABLE";
  return new Fault(code, message, { cause, ...(mayRetry && { retryAfterMs: RETRY_AFTER_MS }) });
}

const TOOK_TOO_LONG = "This took longer than it may. Please try again in a moment.";

/** By then a queue is shorter, and a server that was restarted is back. */
const RETRY_AFTER_MS = 1_000;

function codeOfError(error: Error): FaultCode | undefined {
  if (error instanceof UnknownOutcomeError) return "OUTCOME_UNKNOWN";
  if (error instanceof DeadlineError) return "OVERLOADED";
  if (error instanceof PoolTimeoutError && OVERLOADED.has(error.reason)) return "OVERLOADED";
  // What made the transaction fail stands in its cause.
  if (error instanceof RolledBackError) return undefined;
  return error instanceof DatabaseError ? "UNAVAILABLE" : undefined;
}

const OVERLOADED: ReadonlySet<string> = new Set(["busy", "queue_full"]);

function codeOfState(sqlState: string): FaultCode | undefined {
  switch (sqlState) {
    case SQL_STATE.lockNotAvailable:
    case SQL_STATE.serializationFailure:
    case SQL_STATE.deadlock:
      return "LOCK_TIMEOUT";
    case SQL_STATE.queryCanceled:
    case SQL_STATE.tooManyConnections:
      return "OVERLOADED";
  }
  // Class 53: the server ran out of something, disk or memory say, and may have it again later.
  return isServerAway(sqlState) || sqlState.startsWith("53") ? "UNAVAILABLE" : undefined;
}
