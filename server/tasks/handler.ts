import type { TaskKind, TaskStatus } from "../../shared/tasks.ts";
import type { Tx } from "../database/database.ts";

/** Does the work of one kind of task. Handlers are given to the engine by kind. */
export interface TaskHandler {
  /**
   * One attempt. It may run again after a crash at any moment, so effects outside the database must carry the task's id
   * as their idempotency key, and effects inside belong into the outcome.
   *
   * @throws whatever went wrong: the attempt has failed and the next one follows after the back-off; a `FatalTaskError`
   *   when no further attempt can help
   */
  run(task: ClaimedTask, attempt: Attempt): Promise<TaskOutcome>;
  /**
   * How long tasks of this kind are not to be claimed from now on, in milliseconds: 0 when they may be, for example because
   * a circuit breaker is closed.
   */
  pausedMs?(): number;
}

/** A task that this process holds the lease of. */
export interface ClaimedTask {
  readonly id: number;
  readonly taskId: string;
  readonly kind: TaskKind;
  readonly payload: unknown;
  readonly settings: unknown;
  /** With this one. */
  readonly attempts: number;
  readonly attemptsMax: number;
  /** The fencing version: the lease is lost when the row has a greater one. */
  readonly version: number;
  readonly traceId: string;
}

export interface Attempt {
  /** Aborted when the lease is lost, when the attempt's time is up, and when the process stops for good. */
  readonly signal: AbortSignal;
}

export type TaskOutcome =
  /** Done. `effect` runs in the transaction that stores COMPLETED, and only if the lease still holds. */
  | { readonly kind: "completed"; readonly result: unknown; readonly effect?: (tx: Tx) => Promise<void> }
  /**
   * Not possible yet, which is nobody's failure: the attempt does not count, and the next one follows after `delayMs`. Only
   * for what has done nothing outside: a task without attempts is one that has not begun.
   */
  | { readonly kind: "postponed"; readonly delayMs: number; readonly reason: string };

/** No further attempt can help: the task stays FAILED for an operator. */
export class FatalTaskError extends Error {
  override readonly name = "FatalTaskError";
}

export type TaskHandlers = Partial<Record<TaskKind, TaskHandler>>;

/** Makes tasks out of what has happened, in sets. Called by every worker regularly, and when it is woken. */
export interface TaskSource {
  /** A notification on this channel of the store says that there may be something to make tasks of. */
  readonly channel: string;
  /** @returns how many tasks were made; 0 when nothing is left to do */
  derive(): Promise<number>;
}

/** Told of what the engine does, for metrics. Must not throw and must cost next to nothing. */
export interface TaskObserver {
  /** @param outcome the status after the attempt; `postponed` and `lost` (the lease was) leave none */
  attempted?(kind: TaskKind, outcome: TaskStatus | "postponed" | "lost", seconds: number, attempts: number): void;
  recovered?(kind: TaskKind, count: number): void;
}

/** A claimed task with what the engine needs to renew its lease and to time the next attempt. */
export interface HeldTask extends ClaimedTask {
  readonly leaseMs: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
}

/** Some other worker has the task by now, or its row was changed otherwise: nothing of this attempt counts. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";

  constructor(taskId: string, options?: ErrorOptions) {
    super(`the lease of the task ${taskId} was lost`, options);
  }
}
