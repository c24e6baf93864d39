import type { Connection } from "./connection.ts";
import { ConnectionLostError, DeadlineError, UnknownOutcomeError } from "./errors.ts";
import { Transaction, type TransactionMode } from "./transaction.ts";

export interface TransactionAttempt extends TransactionMode {
  /** When the time is up, by `performance.now()`. Waiting for a connection counts. */
  readonly deadlineAt: number;
  readonly name?: string | undefined;
}

/** Where connections come from: a pool, or one connection alone. */
export interface ConnectionSource {
  acquire(waitMs: number): Promise<Connection>;
  release(connection: Connection): void;
  /** The value rules that Drizzle is shown. */
  readonly driverOptions: unknown;
}

/**
 * Runs `work` in one transaction on a connection of its own and commits when it returns; undoes everything when it throws.
 * Never tries again.
 *
 * @throws whatever `work` throws, after the transaction was undone
 * @throws ConnectionLostError, DeadlineError, RolledBackError, PoolTimeoutError: nothing has happened
 * @throws UnknownOutcomeError when COMMIT was sent and not answered
 */
export async function runTransaction<T>(
  source: ConnectionSource,
  attempt: TransactionAttempt,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const connection = await source.acquire(attempt.deadlineAt - performance.now());
  const transaction = new Transaction(connection, attempt, source.driverOptions);
  const deadline = startDeadline(attempt, connection);
  try {
    // Work that waits for something else than the database must not outlive the deadline either.
    const result = await Promise.race([work(transaction), deadline.passed]);
    await transaction.commit();
    return result;
  } catch (error) {
    const { commitSent } = transaction;
    await transaction.rollback().catch((rollbackError: unknown) => connection.destroy(asError(rollbackError)));
    // The deadline may pass while COMMIT travels with the work's last statements.
    if (error instanceof DeadlineError && commitSent && !attempt.readOnly) {
      throw new UnknownOutcomeError("the transaction's time was up before COMMIT was answered", { cause: error });
    }
    throw outcomeOf(error, connection, transaction);
  } finally {
    deadline.stop();
    source.release(connection);
  }
}

/** What the caller is told: a lost connection is what happened, whatever the work made of it. */
function outcomeOf(error: unknown, connection: Connection, transaction: Transaction): unknown {
  if (error instanceof UnknownOutcomeError || !connection.lostWith) return error;
  if (transaction.committed) return error;
  const lost = connection.lostWith;
  if (lost instanceof DeadlineError || lost instanceof ConnectionLostError) return lost;
  return new ConnectionLostError("the transaction's connection was given up", { cause: error });
}

function startDeadline({ deadlineAt, name }: TransactionAttempt, connection: Connection) {
  let reject: (error: Error) => void = () => {};
  const passed = new Promise<never>((_, rejectPassed) => {
    reject = rejectPassed;
  });
  // Nobody awaits it once the transaction is over.
  passed.catch(() => {});
  const timer = setTimeout(
    () => {
      const error = new DeadlineError(`the transaction${name ? ` "${name}"` : ""} took longer than it was given`);
      connection.destroy(error);
      reject(error);
    },
    Math.max(0, deadlineAt - performance.now()),
  );
  return { passed, stop: () => clearTimeout(timer) };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
