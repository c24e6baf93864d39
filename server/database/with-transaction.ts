import type { ExtractTablesWithRelations } from "drizzle-orm";
import type { PostgresJsTransaction } from "drizzle-orm/postgres-js";
import type * as schema from "../../drizzle/schema/index.ts";
import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { causesOf } from "./causes-of.ts";
import { ConnectionLostError, RolledBackError, UnknownOutcomeError } from "./errors.ts";
import type { TransactionAttempt } from "./run-transaction.ts";
import { isConnectionState, postgresErrorOf, SQL_STATE } from "./sqlstate.ts";
import type { IsolationLevel } from "./transaction.ts";

/** A transaction, as the functions that need one take it: first and required. */
export type Tx = PostgresJsTransaction<typeof schema, ExtractTablesWithRelations<typeof schema>>;

export interface TransactionOptions {
  /** For everything: waiting for a connection, all attempts, the commit. Default 10 s. */
  readonly deadlineMs?: number;
  /** Default: read committed. */
  readonly isolation?: IsolationLevel;
  readonly readOnly?: boolean;
  /** See `TransactionMode`. */
  readonly keepPlans?: boolean;
  /** See `TransactionMode`. */
  readonly statementMsMax?: number;
  /** Default 5. */
  readonly attemptsMax?: number;
  /** Names the transaction in error texts. */
  readonly name?: string;
}

/**
 * The one retry policy: runs the transaction again when it has certainly left nothing behind and may succeed next time,
 * after a pause that doubles each time, of random length so that rivals do not meet again.
 *
 * Retried: serialization failure (40001), deadlock (40P01), server shutting down (57P01), class 08, a connection that was lost
 * before COMMIT was sent, and a statement whose plan a migration has outdated. Never retried: an unknown outcome.
 */
export async function withRetries<T>(
  options: TransactionOptions,
  attempt: (attempt: TransactionAttempt) => Promise<T>,
  onRetry: () => void,
): Promise<T> {
  const deadlineAt = performance.now() + (options.deadlineMs ?? DEADLINE_MS);
  const attemptsMax = options.attemptsMax ?? ATTEMPTS_MAX;
  const { isolation, readOnly, keepPlans, statementMsMax, name } = options;
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt({ deadlineAt, isolation, readOnly, keepPlans, statementMsMax, name });
    } catch (error) {
      const pauseMs = backOffMs(attempts, PAUSE);
      const timeLeft = performance.now() + pauseMs < deadlineAt;
      if (!isRetryable(error) || attempts >= attemptsMax || !timeLeft) throw error;
      onRetry();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** Whether the transaction has certainly left nothing behind and may succeed if it runs again. */
function isRetryable(error: unknown): boolean {
  if (hasCause(error, UnknownOutcomeError)) return false;
  if (hasCause(error, ConnectionLostError)) return true;
  // The driver sends a read whose plan is outdated once more, behind the COMMIT that has become a ROLLBACK meanwhile: the
  // read answers, no statement has failed, and yet nothing was committed.
  if (error instanceof RolledBackError && !error.cause) return true;
  const answer = postgresErrorOf(error);
  if (!answer) return false;
  return (
    RETRIED_STATES.has(answer.code) ||
    isConnectionState(answer.code) ||
    (answer.code === SQL_STATE.featureNotSupported && answer.routine === "RevalidateCachedQuery")
  );
}

const RETRIED_STATES: ReadonlySet<string> = new Set([
  SQL_STATE.serializationFailure,
  SQL_STATE.deadlock,
  SQL_STATE.adminShutdown,
]);

/** No buyer waits longer. */
export const DEADLINE_MS = 10_000;

/** Rivals for one row are apart after two or three; more only add to the load that made them collide. */
const ATTEMPTS_MAX = 5;

/** A transaction takes some 5 ms, so shorter pauses would meet the same rival again. */
const PAUSE: BackOff = { minMs: 10, maxMs: 500, jitter: 1 };

function hasCause(error: unknown, kind: new (message: string) => Error): boolean {
  return causesOf(error).some((cause) => cause instanceof kind);
}
