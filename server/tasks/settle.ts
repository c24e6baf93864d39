import type { TaskEvent, TaskStatus } from "../../shared/tasks.ts";
import type { Database, Tx } from "../database/database.ts";
import type { Statement } from "../database/prepared-statement.ts";
import { pipeline, pipelineAndCommit } from "../database/transaction.ts";
import { IS_GIVEN, IS_LEASED } from "./by-number.ts";
import { type HeldTask, LeaseLostError } from "./handler.ts";

/**
 * How an attempt ends, as far as the task's row is concerned:
 *
 *   COMPLETED   its result is stored
 *   FAILED      due again after the delay while attempts are left; without them, or without a delay, an operator has to retry
 *   PENDING     it was too early: due again after the delay, and the attempt is taken back, so that a task that has only ever
 *               been postponed has not begun
 */
export interface Settlement {
  readonly task: HeldTask;
  readonly to: "COMPLETED" | "FAILED" | "PENDING";
  /** The result as JSON, or why it is not completed. */
  readonly text: string;
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
  const statements = (["COMPLETED", "FAILED", "PENDING"] as const).flatMap((to) => {
    const these = settlements.filter((settlement) => settlement.to === to);
    return these.length > 0 ? [settleStatement(worker, to, these)] : [];
  });
  const answers = await database.withTransaction((tx) => pipelineAndCommit(tx, statements), {
    name: "tasks.settle",
    keepPlans: true,
  });
  return new Set(answers.flat().map(({ task }) => Number(task)));
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
  settlement: Settlement,
  effect: (tx: Tx) => Promise<void>,
): Promise<void> {
  await database.withTransaction(
    async (tx) => {
      await effect(tx);
      const [[moved] = []] = await pipeline(tx, [settleStatement(worker, settlement.to, [settlement])]);
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
function settleStatement(worker: string, to: Settlement["to"], settlements: readonly Settlement[]): Statement {
  const sorted = settlements.toSorted((a, b) => a.task.id - b.task.id);
  return {
    text: SETTLE[to],
    params: [
      worker,
      sorted.map(({ task }) => task.id),
      sorted.map(({ task }) => task.version),
      sorted.map(({ text }) => text),
      to === "COMPLETED" ? [] : sorted.map(({ delayMs }) => delayMs),
    ],
  };
}

const AFTER_DELAY = "statement_timestamp() + given.delay_ms * interval '1 millisecond'";

const SETTLE: Record<Settlement["to"], string> = {
  COMPLETED: settleText(
    { status: "COMPLETED", due_at: "null", result: "given.text::jsonb", error_message: "null" },
    { event: "completed", message: "null" },
  ),
  FAILED: settleText(
    {
      status: "FAILED",
      due_at: `case when tasks.attempts < tasks.attempts_max then ${AFTER_DELAY} end`,
      error_message: "given.text",
    },
    { event: "failed", message: "text" },
  ),
  PENDING: settleText(
    { status: "PENDING", due_at: AFTER_DELAY, attempts: "tasks.attempts - 1" },
    { event: "postponed", message: "text" },
  ),
};

function settleText(
  { status, ...columns }: { status: TaskStatus } & Record<string, string>,
  { event, message }: { event: TaskEvent; message: string },
): string {
  const changes = Object.entries(columns).map(([column, value]) => `${column} = ${value},`);
  return `
with given as materialized (
  select id, version, text, delay_ms
  from unnest($2::bigint[], $3::bigint[], $4::text[], $5::float8[]) as given (id, version, text, delay_ms)
), moved as (
  update tasks
  set
    status = '${status}',
    version = tasks.version + 1,
    worker = null,
    ${changes.join("\n    ")}
    processed_at = statement_timestamp()
  from given
  where ${IS_GIVEN}
    and tasks.version = given.version
    and ${IS_LEASED}
  returning tasks.id, tasks.attempts, tasks.version, given.text
)
insert into task_log (task, event, attempt, version, worker, message, at)
select id, '${event}', attempts, version, $1::text, ${message}, statement_timestamp()
from moved
returning task`;
}

const READ_STATES = `
select tasks.id, tasks.status, tasks.version
from unnest($1::bigint[]) as given (id)
join tasks on ${IS_GIVEN}`;
