import type { Database } from "../database/database.ts";
import type { Statement } from "../database/prepared-statement.ts";
import { pipelineAndCommit } from "../database/transaction.ts";
import { IS_GIVEN } from "./by-number.ts";
import { type Completion, completeStatement } from "./complete.ts";
import { type Failure, failStatement } from "./fail.ts";
import { type Postponement, postponeStatement } from "./postpone.ts";

/** How an attempt ends, as far as the task's row is concerned. */
export type Settlement =
  | ({ readonly to: "COMPLETED" } & Completion)
  | ({ readonly to: "FAILED" } & Failure)
  | ({ readonly to: "PENDING" } & Postponement);

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
  const statements = statementsFor(worker, settlements);
  const answers = await database.withTransaction((tx) => pipelineAndCommit(tx, statements), {
    name: "tasks.settle",
    keepPlans: true,
  });
  return new Set(answers.flat().map(({ task }) => Number(task)));
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
function statementsFor(worker: string, settlements: readonly Settlement[]): Statement[] {
  const sorted = settlements.toSorted((a, b) => a.task.id - b.task.id);
  const completions = sorted.filter(({ to }) => to === "COMPLETED") as (Settlement & { to: "COMPLETED" })[];
  const failures = sorted.filter(({ to }) => to === "FAILED") as (Settlement & { to: "FAILED" })[];
  const postponements = sorted.filter(({ to }) => to === "PENDING") as (Settlement & { to: "PENDING" })[];
  return [
    ...(completions.length > 0 ? [completeStatement(worker, completions)] : []),
    ...(failures.length > 0 ? [failStatement(worker, failures)] : []),
    ...(postponements.length > 0 ? [postponeStatement(worker, postponements)] : []),
  ];
}

const READ_STATES = `
select tasks.id, tasks.status, tasks.version
from unnest($1::bigint[]) as given (id)
join tasks on ${IS_GIVEN}`;
