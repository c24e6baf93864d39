import type { TaskStatus } from "../../shared/tasks.ts";
import type { Database } from "../database/database.ts";
import { taskBackOffMs } from "./back-off.ts";
import { completeWithEffect } from "./complete.ts";
import { errorText, storableText } from "./error-text.ts";
import { FatalTaskError, type TaskHandlers, type TaskObserver, type TaskOutcome } from "./handler.ts";
import { type HeldTask, LeaseLostError } from "./held-task.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { persist } from "./persist.ts";
import { RunningAttempt, type WorkEnd } from "./running-attempt.ts";
import { type Settlement, settledAlready } from "./settle.ts";
import { settlementBatcher } from "./settlement-batcher.ts";
import { Trouble } from "./trouble.ts";

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
  readonly #onTrouble: (error: unknown) => void;
  /** Of all that store an effect: when the database goes away it does so for every one of them. */
  readonly #effectTrouble: Trouble;
  #running = 0;
  #onIdle: () => void = () => {};

  constructor(options: AttemptsOptions) {
    const { database, instance } = options;
    this.#options = options;
    this.#onTrouble = (error) => options.onError(error);
    this.#effectTrouble = new Trouble(this.#onTrouble);
    this.#leases = new LeaseKeeper(database, this.#onTrouble);
    this.#batcher = settlementBatcher({
      database,
      worker: instance,
      signal: this.#stopped.signal,
      onTrouble: this.#onTrouble,
    });
  }

  /**
   * Never rejects: what could not be stored is left to the end of the lease.
   *
   * @param options.heldSinceMs when the lease was asked for, by `performance.now()`
   */
  async run(
    task: HeldTask,
    { heldSinceMs, timeoutMs = ATTEMPT_MS_MAX }: { heldSinceMs: number; timeoutMs?: number },
  ): Promise<AttemptEnd> {
    const attempt = new RunningAttempt(task, { heldSinceMs, timeoutMs });
    this.#running++;
    this.#leases.add(attempt);
    const handler = this.#options.handlers[task.kind];
    if (handler) attempt.start(handler);
    else attempt.giveUp(`Nothing here does tasks of the kind ${task.kind}.`);
    const end = await this.#store(task, await attempt.ended);
    this.#leases.remove(attempt);
    this.#running--;
    if (this.#running === 0) this.#onIdle();
    const seconds = (performance.now() - attempt.startedAtMs) / 1_000;
    this.#options.observer?.attempted?.(task.kind, OBSERVED[end.to], seconds, task.attempts);
    return end;
  }

  get running(): number {
    return this.#running;
  }

  /**
   * Waits until nothing is under way, at most `graceMs`. Then it ends what is left, as failed, so that others can try at
   * once, and leaves to the end of its lease what cannot be stored within a second.
   */
  async close(graceMs = 0): Promise<void> {
    if (await this.#idleWithin(graceMs)) return;
    for (const attempt of this.#leases.attempts) {
      attempt.giveUp("The worker was stopped before the attempt had ended.", { delayMs: 0 });
    }
    if (await this.#idleWithin(GIVE_BACK_MS)) return;
    this.#stopped.abort();
    await this.#idleWithin(GIVE_BACK_MS);
  }

  /** @returns whether nothing is under way any more */
  async #idleWithin(ms: number): Promise<boolean> {
    if (this.#running === 0) return true;
    const idle = Promise.withResolvers<boolean>();
    this.#onIdle = () => idle.resolve(true);
    const timer = setTimeout(() => idle.resolve(false), ms);
    const isIdle = await idle.promise;
    clearTimeout(timer);
    return isIdle;
  }

  async #store(task: HeldTask, ended: WorkEnd): Promise<AttemptEnd> {
    const settlement = this.#settlementOf(task, ended);
    const effect = ended.is === "done" && ended.outcome.kind === "completed" ? ended.outcome.effect : undefined;
    try {
      const stored =
        effect && settlement.to === "COMPLETED"
          ? await this.#completeWithEffect({ ...settlement, effect })
          : await this.#batcher.ask(settlement);
      return stored ? endOf(settlement) : LOST;
    } catch (error) {
      return this.#storeFailure(task, error);
    }
  }

  /** What could not be stored as it was, a result say that PostgreSQL does not take, has failed. */
  async #storeFailure(task: HeldTask, error: unknown): Promise<AttemptEnd> {
    if (this.#stopped.signal.aborted) return LOST;
    const failure = this.#settlementOf(task, { is: "thrown", error });
    try {
      return (await this.#batcher.ask(failure)) ? endOf(failure) : LOST;
    } catch (failureError) {
      this.#onTrouble(failureError);
      return LOST;
    }
  }

  async #completeWithEffect(completion: Parameters<typeof completeWithEffect>[2] & Settlement): Promise<boolean> {
    const { database, instance } = this.#options;
    const stored = await persist(
      async (isDoubtful) => {
        try {
          await completeWithEffect(database, instance, completion);
          return true;
        } catch (error) {
          // The try before may have been committed, and its effect can make this one fail in any way.
          if (isDoubtful && (await settledAlready(database, [completion])).size > 0) return true;
          if (error instanceof LeaseLostError) return false;
          throw error;
        }
      },
      { signal: this.#stopped.signal, onTrouble: (error) => this.#effectTrouble.met(error) },
    );
    this.#effectTrouble.over();
    return stored;
  }

  #settlementOf(task: HeldTask, ended: WorkEnd): Settlement {
    switch (ended.is) {
      case "done":
        return settlementOfOutcome(task, ended.outcome);
      case "thrown":
        return failureOf(task, ended.error);
      case "given up":
        return { to: "FAILED", task, message: ended.why, delayMs: ended.delayMs ?? taskBackOffMs(task) };
      default:
        return ended satisfies never;
    }
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

/** How an attempt ended in the end, and when the task is due again. */
export interface AttemptEnd {
  readonly to: Settlement["to"] | "lost";
  readonly delayMs: number | null;
}

function settlementOfOutcome(task: HeldTask, outcome: TaskOutcome): Settlement {
  if (outcome.kind === "postponed") {
    return { to: "PENDING", task, reason: storableText(outcome.reason), delayMs: outcome.delayMs };
  }
  try {
    return { to: "COMPLETED", task, result: JSON.stringify(outcome.result ?? null) };
  } catch (error) {
    return failureOf(task, error);
  }
}

function failureOf(task: HeldTask, error: unknown): Settlement {
  const delayMs = error instanceof FatalTaskError ? null : taskBackOffMs(task);
  return { to: "FAILED", task, message: errorText(error), delayMs };
}

function endOf(settlement: Settlement): AttemptEnd {
  return { to: settlement.to, delayMs: settlement.to === "COMPLETED" ? null : settlement.delayMs };
}

const LOST: AttemptEnd = { to: "lost", delayMs: null };

const OBSERVED: Record<AttemptEnd["to"], TaskStatus | "postponed" | "lost"> = {
  COMPLETED: "COMPLETED",
  FAILED: "FAILED",
  PENDING: "postponed",
  lost: "lost",
};

/** Several times what the slowest of our own takes, with all retries; a hung one must not keep its place for ever. */
const ATTEMPT_MS_MAX = 120_000;

const GIVE_BACK_MS = 1_000;
