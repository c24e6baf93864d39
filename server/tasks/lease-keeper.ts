import type { Database } from "../database/database.ts";
import { renewLeases } from "./heartbeat.ts";
import { LeaseLostError } from "./held-task.ts";
import type { RunningAttempt } from "./running-attempt.ts";

/**
 * Looks after the attempts that run in this process: renews their leases in good time, tells them when a lease is lost,
 * and gives up those that take too long. Time is that of `performance.now()`, which nobody sets.
 */
export class LeaseKeeper {
  readonly #database: Database;
  readonly #onTrouble: (error: unknown) => void;
  readonly #attempts = new Map<number, RunningAttempt>();
  #timer: NodeJS.Timeout | undefined;
  #isRenewing = false;

  constructor(database: Database, onTrouble: (error: unknown) => void) {
    this.#database = database;
    this.#onTrouble = onTrouble;
  }

  get attempts(): Iterable<RunningAttempt> {
    return this.#attempts.values();
  }

  add(attempt: RunningAttempt): void {
    this.#attempts.set(attempt.task.id, attempt);
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  remove(attempt: RunningAttempt): void {
    // A worker that lost a lease may have claimed the same task again meanwhile.
    if (this.#attempts.get(attempt.task.id) === attempt) this.#attempts.delete(attempt.task.id);
    if (this.#attempts.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const nowMs = performance.now();
    const due: RunningAttempt[] = [];
    for (const attempt of this.#attempts.values()) {
      if (nowMs >= attempt.endsByMs) {
        const tookS = Math.round((nowMs - attempt.startedAtMs) / 1_000);
        attempt.giveUp(`The attempt was given up: it had not ended after ${tookS} s.`);
      }
      // The row may still be ours; what is stored at the end asks it. But nobody else has to wait for us any more.
      if (nowMs >= attempt.heldUntilMs) attempt.abort(new LeaseLostError(attempt.task.taskId));
      if (nowMs >= attempt.renewAtMs) due.push(attempt);
    }
    if (due.length > 0 && !this.#isRenewing) void this.#renew(due);
  }

  async #renew(due: readonly RunningAttempt[]): Promise<void> {
    this.#isRenewing = true;
    const askedAtMs = performance.now();
    try {
      const { renewed, lost } = await renewLeases(
        this.#database,
        due.map(({ task }) => task),
      );
      const byId = new Map(due.map((attempt) => [attempt.task.id, attempt]));
      for (const id of renewed) byId.get(id)?.renewed(askedAtMs);
      for (const id of lost) {
        const attempt = byId.get(id);
        attempt?.abort(new LeaseLostError(attempt.task.taskId));
      }
    } catch (error) {
      this.#onTrouble(error);
    } finally {
      this.#isRenewing = false;
    }
  }
}

/** Often enough for a third of the shortest lease, which is a second. */
const LOOK_EVERY_MS = 250;
