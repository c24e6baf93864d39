import type { Database, Tx } from "../database/database.ts";
import type { Statement } from "../database/prepared-statement.ts";
import { pipeline, pipelineAndCommit } from "../database/transaction.ts";
import { IS_GIVEN, IS_LEASED } from "./by-number.ts";
import { type HeldTask, LeaseLostError } from "./handler.ts";

/**
 * How an attempt ends, as far as the task's row is concerned:
 *
 *   COMPLETED   `result` is stored
 *   FAILED      due again after the delay while attempts are left; without them, or without a delay, an operator has to retry
 *   PENDING     it was too early: due again after the delay, and the attempt is taken back, so that a task that has only ever
 *               been postponed has not begun
 */
export interface Settlement {
  readonly task: HeldTask;
  readonly to: "COMPLETED" | "FAILED" | "PENDING";
  /** As JSON. */
  readonly result?: string;
  /** Why it is not completed. */
  readonly message?: string;
  /** How long the next attempt waits; null: none follows by itself. */
  readonly delayMs: number | null;
}

/**
 * Stores how a set of attempts ended, in one transaction and one round trip: each whose lease still holds.
 *
 * @returns the numbers of the tasks that were changed
 */
export async function settle(
  database: Database,
  worker: string,
  settlements: readonly Settlement[],
): Promise<Set<number>> {
  const statement = settleStatement(worker, settlements);
  const [rows = []] = await database.withTransaction((tx) => pipelineAndCommit(tx, [statement]), {
    name: "tasks.settle",
    keepPlans: true,
  });
  return new Set(rows.map(({ task }) => Number(task)));
}

/**
 * Stores how an attempt ended together with its effect in this database: both or neither. The effect comes first, so that
 * rows are locked in the same order everywhere, tasks after what they are about.
 *
 * @throws LeaseLostError when somebody else has the task by now: nothing has happened
 */
export async function settleWithEffect(
  database: Database,
  worker: string,
  { effect, ...settlement }: Settlement & { readonly effect: (tx: Tx) => Promise<void> },
): Promise<void> {
  await database.withTransaction(
    async (tx) => {
      await effect(tx);
      const [[moved] = []] = await pipeline(tx, [settleStatement(worker, [settlement])]);
      if (!moved) throw new LeaseLostError(settlement.task.taskId);
    },
    { name: "tasks.complete" },
  );
}

/**
 * Which of them were stored by a commit that was never answered: from the version that this worker held, only this
 * worker's settlement, or one that comes to the same, leads to that state in one step.
 */
export async function settledAlready(database: Database, settlements: readonly Settlement[]): Promise<Set<number>> {
  const params = [settlements.map(({ task }) => task.id)];
  const [rows = []] = await database.withTransaction((tx) => pipelineAndCommit(tx, [{ text: READ_STATES, params }]), {
    name: "tasks.settledAlready",
    keepPlans: true,
  });
  const states = new Map(rows.map(({ id, status, version }) => [Number(id), { status, version }]));
  const done = settlements.filter(({ to, task }) => {
    const state = states.get(task.id);
    return state?.status === to && state.version === task.version + 1;
  });
  return new Set(done.map(({ task }) => task.id));
}

/** The numbers of the tasks ascending, so that two sets never lock the same rows in opposite order. */
function settleStatement(worker: string, settlements: readonly Settlement[]): Statement {
  const sorted = settlements.toSorted((a, b) => a.task.id - b.task.id);
  return {
    text: SETTLE,
    params: [
      worker,
      sorted.map(({ task }) => task.id),
      sorted.map(({ task }) => task.version),
      sorted.map(({ to }) => to),
      sorted.map(({ result }) => result ?? null),
      sorted.map(({ message }) => message ?? null),
      sorted.map(({ delayMs }) => delayMs),
    ],
  };
}

const SETTLE = `
with given as materialized (
  select id, version, status, result, message, delay_ms
  from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::float8[])
    as given (id, version, status, result, message, delay_ms)
), moved as (
  update tasks
  set
    status = given.status,
    version = tasks.version + 1,
    attempts = case given.status when 'PENDING' then tasks.attempts - 1 else tasks.attempts end,
    worker = null,
    due_at = case
      when given.status <> 'FAILED' or tasks.attempts < tasks.attempts_max
        then statement_timestamp() + given.delay_ms * interval '1 millisecond'
    end,
    result = given.result::jsonb,
    error_message = case given.status when 'PENDING' then tasks.error_message else given.message end,
    processed_at = statement_timestamp()
  from given
  where ${IS_GIVEN}
    and tasks.version = given.version
    and ${IS_LEASED}
  returning tasks.id, tasks.status, tasks.attempts, tasks.version, given.message
)
insert into task_log (task, event, attempt, version, worker, message, at)
select
  id,
  case status when 'COMPLETED' then 'completed' when 'FAILED' then 'failed' else 'postponed' end,
  attempts,
  version,
  $1::text,
  message,
  statement_timestamp()
from moved
returning task`;

const READ_STATES = `
select tasks.id, tasks.status, tasks.version
from unnest($1::bigint[]) as given (id)
join tasks on ${IS_GIVEN}`;
