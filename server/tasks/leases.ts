import type { Database } from "../database/database.ts";
import { pipelineAndCommit } from "../database/transaction.ts";
import type { RunningAttempt } from "./attempt.ts";
import { IS_GIVEN, IS_LEASED } from "./by-number.ts";
import { type HeldTask, LeaseLostError } from "./handler.ts";

/**
 * Looks after the attempts that run in this process: renews their leases in good time, tells them when a lease is lost,
 * and gives up those that take too long. Time is that of `performance.now()`, which nobody sets.
 */
export class LeaseKeeper {
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  readonly #attempts = new Map<number, RunningAttempt>();
  #timer: NodeJS.Timeout | undefined;
  #isRenewing = false;

  constructor(database: Database, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
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
      for (const attempt of due) {
        if (renewed.has(attempt.task.id)) attempt.renewed(askedAtMs);
        if (lost.has(attempt.task.id)) attempt.abort(new LeaseLostError(attempt.task.taskId));
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#isRenewing = false;
    }
  }
}

/** Often enough for a third of the shortest lease, which is a second. */
const LOOK_EVERY_MS = 250;

/**
 * Renews leases, all in one statement. The version stays: whoever holds it, holds it on. It waits for nobody: a row that
 * is locked is about to change, and asked about again in time.
 *
 * @returns the ids of those that were renewed, and of those that somebody else has changed
 */
export async function renewLeases(
  database: Database,
  held: readonly Pick<HeldTask, "id" | "version">[],
): Promise<{ renewed: Set<number>; lost: Set<number> }> {
  const params = [held.map(({ id }) => id), held.map(({ version }) => version)];
  const [rows = []] = await database.withTransaction((tx) => pipelineAndCommit(tx, [{ text: RENEW, params }]), {
    name: "tasks.renewLeases",
    keepPlans: true,
    deadlineMs: DEADLINE_MS,
  });
  const idsThat = (isLost: boolean) => rows.filter((row) => row.is_lost === isLost).map(({ id }) => Number(id));
  return { renewed: new Set(idsThat(false)), lost: new Set(idsThat(true)) };
}

/** The shortest lease is a second, and the next heartbeat must not have to wait for a lost connection for much longer. */
const DEADLINE_MS = 2_000;

const RENEW = `
with given as materialized (
  select id, version from unnest($1::bigint[], $2::bigint[]) as given (id, version)
), free as materialized (
  select tasks.id
  from given
  join tasks on ${IS_GIVEN} and tasks.version = given.version and ${IS_LEASED}
  for update of tasks skip locked
), renewed as (
  update tasks
  set due_at = statement_timestamp() + tasks.lease_ms * interval '1 millisecond'
  from free as given
  where ${IS_GIVEN}
  returning tasks.id
)
select id, false as is_lost from renewed
union all
select given.id, true
from given
left join tasks on ${IS_GIVEN}
where tasks.version is distinct from given.version`;
