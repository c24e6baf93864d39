import { DeadlineError, LaneLostError, UnknownOutcomeError } from "./errors.ts";
import type { Lane } from "./lane.ts";
import { LaneTransaction, type TransactionMode } from "./transaction.ts";

export interface TransactionAttempt extends TransactionMode {
  /** When the time is up, by `performance.now()`. Waiting for a lane counts. */
  readonly deadlineAt: number;
  readonly name?: string | undefined;
}

/** Where lanes come from: a pool, or one lane alone. */
export interface LaneSource {
  acquire(waitMs: number): Promise<Lane>;
  release(lane: Lane): void;
  /** The value rules that Drizzle is shown. */
  readonly driverOptions: unknown;
}

/**
 * Runs `work` in one transaction on a lane of its own and commits when it returns; undoes everything when it throws.
 * Never tries again.
 *
 * @throws whatever `work` throws, after the transaction was undone
 * @throws LaneLostError, DeadlineError, RolledBackError, PoolTimeoutError: nothing has happened
 * @throws UnknownOutcomeError when COMMIT was sent and not answered
 */
export async function runTransaction<T>(
  source: LaneSource,
  attempt: TransactionAttempt,
  work: (transaction: LaneTransaction) => Promise<T>,
): Promise<T> {
  const lane = await source.acquire(attempt.deadlineAt - performance.now());
  const transaction = new LaneTransaction(lane, attempt, source.driverOptions);
  const deadline = startDeadline(attempt, lane);
  try {
    // Work that waits for something else than the database must not outlive the deadline either.
    const result = await Promise.race([work(transaction), deadline.passed]);
    await transaction.commit();
    return result;
  } catch (error) {
    const { commitSent } = transaction;
    await transaction.rollback().catch((rollbackError: unknown) => lane.destroy(asError(rollbackError)));
    // The deadline may pass while COMMIT travels with the work's last statements.
    if (error instanceof DeadlineError && commitSent && !attempt.readOnly) {
      throw new UnknownOutcomeError("the transaction's time was up before COMMIT was answered", { cause: error });
    }
    throw outcomeOf(error, lane, transaction);
  } finally {
    deadline.stop();
    source.release(lane);
  }
}

/** What the caller is told: a lost lane is what happened, whatever the work made of it. */
function outcomeOf(error: unknown, lane: Lane, transaction: LaneTransaction): unknown {
  if (error instanceof UnknownOutcomeError || !lane.lostWith) return error;
  if (transaction.committed) return error;
  const lost = lane.lostWith;
  if (lost instanceof DeadlineError || lost instanceof LaneLostError) return lost;
  return new LaneLostError("the transaction's connection was given up", { cause: error });
}

function startDeadline({ deadlineAt, name }: TransactionAttempt, lane: Lane) {
  let reject: (error: Error) => void = () => {};
  const passed = new Promise<never>((_, rejectPassed) => {
    reject = rejectPassed;
  });
  // Nobody awaits it once the transaction is over.
  passed.catch(() => {});
  const timer = setTimeout(
    () => {
      const error = new DeadlineError(`the transaction${name ? ` "${name}"` : ""} took longer than it was given`);
      lane.destroy(error);
      reject(error);
    },
    Math.max(0, deadlineAt - performance.now()),
  );
  return { passed, stop: () => clearTimeout(timer) };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
