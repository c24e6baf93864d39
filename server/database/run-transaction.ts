import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { causesOf } from "./causes-of.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { ConnectionLostError, DeadlineError, RolledBackError, UnknownOutcomeError } from "./errors.ts";
import { isConnectionState, postgresErrorOf, SQL_STATE } from "./sqlstate.ts";
import { Transaction, type TransactionMode } from "./transaction.ts";

export interface TransactionOptions extends TransactionMode {
  /** For everything: waiting for a connection, all attempts, the commit. Default 10 s. */
  readonly deadlineMs?: number;
  /** Default 5. */
  readonly attemptsMax?: number;
  /** Names the transaction in error texts. */
  readonly name?: string;
}

/**
 * Runs `work` in a transaction on a connection of its own. The one retry policy: what has certainly left nothing behind and
 * may succeed next time is retried, after a pause that doubles each time, of random length so that rivals do not meet again.
 *
 * Retried: serialization failure (40001), deadlock (40P01), server shutting down (57P01), class 08, a connection that was
 * lost before COMMIT was sent, and a statement whose plan a migration has outdated. Never retried: an unknown outcome.
 *
 * @throws as `attemptTransaction`, and PoolTimeoutError: nothing has happened
 */
export async function runTransaction<T>(
  pool: ConnectionPool,
  options: TransactionOptions,
  work: (transaction: Transaction) => Promise<T>,
  onRetry: () => void,
): Promise<T> {
  const { deadlineMs = DEADLINE_MS, attemptsMax = ATTEMPTS_MAX } = options;
  const deadlineAt = performance.now() + deadlineMs;
  for (let attempts = 1; ; attempts++) {
    try {
      const connection = await pool.acquire(deadlineAt - performance.now());
      try {
        return await attemptTransaction(connection, { ...options, deadlineAt }, work);
      } finally {
        pool.release(connection);
      }
    } catch (error) {
      const pauseMs = backOffMs(attempts, PAUSE);
      const timeLeft = performance.now() + pauseMs < deadlineAt;
      if (!isRetryable(error) || attempts >= attemptsMax || !timeLeft) throw error;
      onRetry();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/**
 * Runs `work` in one transaction and commits when it returns; undoes everything when it throws. Never tries again.
 *
 * @param options.deadlineAt when the time is up, by `performance.now()`: the connection is then destroyed
 * @throws whatever `work` throws, after the transaction was undone
 * @throws ConnectionLostError, DeadlineError, RolledBackError: nothing has happened
 * @throws UnknownOutcomeError when COMMIT was sent and not answered
 */
export async function attemptTransaction<T>(
  connection: Connection,
  options: TransactionMode & { readonly deadlineAt: number; readonly name?: string },
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const transaction = new Transaction(connection, options);
  const late = Promise.withResolvers<never>();
  // Nobody awaits it once the transaction is over.
  late.promise.catch(() => {});
  const onDeadline = () => {
    const name = options.name ? ` "${options.name}"` : "";
    const error = new DeadlineError(`the transaction${name} took longer than it was given`);
    connection.destroy(error);
    late.reject(error);
  };
  const timer = setTimeout(onDeadline, Math.max(0, options.deadlineAt - performance.now()));
  try {
    // Work that waits for something else than the database must not outlive the deadline either.
    const result = await Promise.race([work(transaction), late.promise]);
    await transaction.commit();
    return result;
  } catch (error) {
    const { commitSent } = transaction;
    await transaction.rollback().catch((failure: unknown) => {
      connection.destroy(failure instanceof Error ? failure : new Error(String(failure)));
    });
    // The deadline may pass while COMMIT travels with the work's last statements.
    if (error instanceof DeadlineError && commitSent && !options.readOnly) {
      throw new UnknownOutcomeError("the transaction's time was up before COMMIT was answered", { cause: error });
    }
    throw outcomeOf(error, connection, transaction);
  } finally {
    clearTimeout(timer);
  }
}

/** What the caller is told: a lost connection is what happened, whatever the work made of it. */
function outcomeOf(error: unknown, { lostWith }: Connection, { committed }: Transaction): unknown {
  if (error instanceof UnknownOutcomeError || !lostWith || committed) return error;
  if (lostWith instanceof DeadlineError || lostWith instanceof ConnectionLostError) return lostWith;
  return new ConnectionLostError("the transaction's connection was given up", { cause: error });
}

/** Whether the transaction has certainly left nothing behind and may succeed next time. */
function isRetryable(error: unknown): boolean {
  const causes = causesOf(error);
  if (causes.some((cause) => cause instanceof UnknownOutcomeError)) return false;
  if (causes.some((cause) => cause instanceof ConnectionLostError)) return true;
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
