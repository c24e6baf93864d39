import { Fault } from "../../shared/faults.ts";
import { causesOf } from "./causes-of.ts";
import {
  ConnectionLostError,
  DatabaseError,
  DeadlineError,
  PoolTimeoutError,
  RolledBackError,
  UnknownOutcomeError,
} from "./errors.ts";
import { isConnectionState, SQL_STATE, sqlStateOf } from "./sqlstate.ts";

/**
 * What a caller hears of an error that came from the database, with the error as `cause`; undefined for one that no
 * caller can do anything about (answer it as INTERNAL). To be asked once, at the edge, because everything below works
 * with the errors themselves.
 */
export function faultOf(error: unknown): Fault | undefined {
  for (const cause of causesOf(error)) {
    if (cause instanceof Fault) return cause;
    const fault = faultOfOne(cause, error);
    if (fault) return fault;
  }
  return faultOfState(sqlStateOf(error), error);
}

const TOOK_TOO_LONG = "This took longer than it may. Please try again in a moment.";

/** When to come again: by then a line is shorter, and a server that was restarted is back. */
const RETRY_AFTER_MS = 1_000;

function faultOfOne(error: Error, cause: unknown): Fault | undefined {
  if (error instanceof UnknownOutcomeError) return new Fault("OUTCOME_UNKNOWN", undefined, { cause });
  if (error instanceof PoolTimeoutError) {
    const overloaded = error.reason === "busy" || error.reason === "queue_full";
    return new Fault(overloaded ? "OVERLOADED" : "UNAVAILABLE", undefined, { cause, retryAfterMs: RETRY_AFTER_MS });
  }
  if (error instanceof DeadlineError)
    return new Fault("OVERLOADED", undefined, { cause, retryAfterMs: RETRY_AFTER_MS });
  if (error instanceof ConnectionLostError)
    return new Fault("UNAVAILABLE", undefined, { cause, retryAfterMs: RETRY_AFTER_MS });
  // What made the transaction fail stands in its cause.
  if (error instanceof RolledBackError) return undefined;
  if (error instanceof DatabaseError)
    return new Fault("UNAVAILABLE", undefined, { cause, retryAfterMs: RETRY_AFTER_MS });
  return undefined;
}

function faultOfState(sqlState: string | undefined, cause: unknown): Fault | undefined {
  switch (sqlState) {
    case SQL_STATE.lockNotAvailable:
      return new Fault("LOCK_TIMEOUT", undefined, { cause });
    case SQL_STATE.serializationFailure:
    case SQL_STATE.deadlock:
      return new Fault("LOCK_TIMEOUT", undefined, { cause });
    case SQL_STATE.queryCanceled:
      return new Fault("OVERLOADED", TOOK_TOO_LONG, { cause, retryAfterMs: RETRY_AFTER_MS });
    case SQL_STATE.tooManyConnections:
      return new Fault("OVERLOADED", undefined, { cause, retryAfterMs: RETRY_AFTER_MS });
    case SQL_STATE.adminShutdown:
    case SQL_STATE.cannotConnectNow:
      return new Fault("UNAVAILABLE", undefined, { cause, retryAfterMs: RETRY_AFTER_MS });
    default:
      if (!isConnectionState(sqlState) && !isResourceState(sqlState)) return undefined;
      return new Fault("UNAVAILABLE", undefined, { cause, retryAfterMs: RETRY_AFTER_MS });
  }
}

/** Class 53: the server ran out of something, disk or memory say, and may have it again later. */
function isResourceState(sqlState: string | undefined): boolean {
  return sqlState?.startsWith("53") ?? false;
}
