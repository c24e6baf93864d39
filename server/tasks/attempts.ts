import type { TaskStatus } from "../../shared/tasks.ts";
import { UnderWay } from "../concurrency/under-way.ts";
import type { Database, Tx } from "../database/database.ts";
import { type AttemptEnd, failureOf, RunningAttempt } from "./attempt.ts";
import { type HeldTask, LeaseLostError, type TaskHandlers, type TaskObserver } from "./handler.ts";
import { LeaseKeeper } from "./leases.ts";
import { retryUntilStored } from "./retry-until-stored.ts";
import { type Settlement, settledAlready, settleWithEffect } from "./settle.ts";
import { settlementBatcher } from "./settlement-batcher.ts";

/**
 * Runs tasks that this process holds the lease of, each to its stored end:
 *
 *   held ──▶ handler runs, lease is renewed ──▶ effect and COMPLETED in one transaction
 *                       │                  └──▶ COMPLETED, FAILED or PENDING again, many tasks in one
 *                       └── lease lost, time up, process stops: the handler's signal is aborted
 *
 * Whatever is stored is stored only if the row still has the version that was claimed.
 */
export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #leases: LeaseKeeper;
  readonly #batcher: ReturnType<typeof settlementBatcher>;
  readonly #stopped = new AbortController();
  /** When the database goes away it does so for all that store an effect, and is told of once. */
  #isOutageTold = false;
  readonly #running = new UnderWay();

  constructor(options: AttemptsOptions) {
    const { database, instance, onError } = options;
    this.#options = options;
    this.#leases = new LeaseKeeper(database, onError);
    this.#batcher = settlementBatcher({ database, worker: instance, signal: this.#stopped.signal, onError });
  }

  /**
   * Never rejects: what could not be stored is left to the end of the lease.
   *
   * @param options.heldSinceMs when the lease was asked for, by `performance.now()`
   * @returns how it ended, and when the task is due again
   */
  async run(
    task: HeldTask,
    { heldSinceMs, timeoutMs = ATTEMPT_MS_MAX }: { heldSinceMs: number; timeoutMs?: number },
  ): Promise<StoredEnd> {
    const attempt = new RunningAttempt(task, { heldSinceMs, timeoutMs });
    this.#running.begin();
    this.#leases.add(attempt);
    const handler = this.#options.handlers[task.kind];
    if (handler) attempt.start(handler);
    else attempt.giveUp(`Nothing here does tasks of the kind ${task.kind}.`);
    const end = await this.#store(await attempt.ended);
    this.#leases.remove(attempt);
    this.#running.end();
    const seconds = (performance.now() - attempt.startedAtMs) / 1_000;
    this.#options.observer?.attempted?.(task.kind, OBSERVED[end.to], seconds, task.attempts);
    return end;
  }

  get running(): number {
    return this.#running.count;
  }

  /**
   * Waits until nothing is under way, at most `graceMs`. Then it ends what is left, as failed, so that others can try at
   * once, and leaves to the end of its lease what cannot be stored within a second.
   */
  async close(graceMs = 0): Promise<void> {
    if (await this.#running.drain(graceMs)) return;
    for (const attempt of this.#leases.attempts) {
      attempt.giveUp("The worker was stopped before the attempt had ended.", 0);
    }
    if (await this.#running.drain(GIVE_BACK_MS)) return;
    this.#stopped.abort();
    await this.#running.drain(GIVE_BACK_MS);
  }

  /** @param hasFailed whether it stands for another end that could not be stored */
  async #store(end: AttemptEnd, hasFailed = false): Promise<StoredEnd> {
    try {
      const isStored = await (end.effect ? this.#storeWithEffect(end, end.effect) : this.#batcher.ask(end));
      return isStored ? end : LOST;
    } catch (error) {
      if (this.#stopped.signal.aborted) return LOST;
      if (hasFailed) {
        this.#options.onError(error);
        return LOST;
      }
      // What could not be stored as it was, a result say that PostgreSQL does not take, has failed.
      return this.#store(failureOf(end.task, error), true);
    }
  }

  /** @returns whether it was stored; false when the lease was lost */
  async #storeWithEffect(end: Settlement, effect: (tx: Tx) => Promise<void>): Promise<boolean> {
    const { database, instance } = this.#options;
    const isStored = await retryUntilStored(
      async (isDoubtful) => {
        try {
          await settleWithEffect(database, instance, end, effect);
          return true;
        } catch (error) {
          // The try before may have been committed, and its effect can make this one fail in any way.
          if (isDoubtful && (await settledAlready(database, [end])).size > 0) return true;
          if (error instanceof LeaseLostError) return false;
          throw error;
        }
      },
      {
        signal: this.#stopped.signal,
        onError: (error) => {
          if (!this.#isOutageTold) this.#options.onError(error);
          this.#isOutageTold = true;
        },
      },
    );
    this.#isOutageTold = false;
    return isStored;
  }
}

export interface AttemptsOptions {
  readonly database: Database;
  readonly handlers: TaskHandlers;
  /** Who holds the leases, as operators read it. */
  readonly instance: string;
  readonly observer?: TaskObserver | undefined;
  readonly onError: (error: unknown) => void;
}

export interface StoredEnd {
  readonly to: Settlement["to"] | "lost";
  readonly delayMs: number | null;
}

const LOST: StoredEnd = { to: "lost", delayMs: null };

const OBSERVED: Record<StoredEnd["to"], TaskStatus | "postponed" | "lost"> = {
  COMPLETED: "COMPLETED",
  FAILED: "FAILED",
  PENDING: "postponed",
  lost: "lost",
};

/** Several times what the slowest of our own takes, with all retries; a hung one must not keep its slot for ever. */
const ATTEMPT_MS_MAX = 120_000;

const GIVE_BACK_MS = 1_000;
