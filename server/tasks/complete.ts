import type { Database, Tx } from "../database/database.ts";
import type { Statement } from "../database/prepared-statement.ts";
import { pipeline } from "../database/transaction.ts";
import { IS_GIVEN, IS_LEASED } from "./by-number.ts";
import { type HeldTask, LeaseLostError } from "./held-task.ts";

/** An attempt that is to end in COMPLETED; the result is JSON. */
export interface Completion {
  readonly task: HeldTask;
  readonly result: string;
}

/** Completes those whose lease still holds, and answers the numbers (`task`) of these. */
export function completeStatement(worker: string, completions: readonly Completion[]): Statement {
  return {
    text: COMPLETE,
    params: [
      worker,
      completions.map(({ task }) => task.id),
      completions.map(({ task }) => task.version),
      completions.map(({ result }) => result),
    ],
  };
}

/**
 * Completes a task together with its effect in this database: both are stored or neither. The effect comes first, so that
 * rows are locked in the same order everywhere, tasks after what they are about.
 *
 * @throws LeaseLostError when somebody else has the task by now: nothing has happened
 */
export async function completeWithEffect(
  database: Database,
  worker: string,
  { task, result, effect }: Completion & { readonly effect: (tx: Tx) => Promise<void> },
): Promise<void> {
  await database.withTransaction(
    async (tx) => {
      await effect(tx);
      const [[moved] = []] = await pipeline(tx, [completeStatement(worker, [{ task, result }])]);
      if (!moved) throw new LeaseLostError(task.taskId);
    },
    { name: "tasks.complete" },
  );
}

const COMPLETE = `
with given as materialized (
  select id, version, result from unnest($2::bigint[], $3::bigint[], $4::text[]) as given (id, version, result)
), moved as (
  update tasks
  set
    status = 'COMPLETED',
    version = tasks.version + 1,
    worker = null,
    due_at = null,
    result = given.result::jsonb,
    error_message = null,
    processed_at = statement_timestamp()
  from given
  where ${IS_GIVEN}
    and tasks.version = given.version
    and ${IS_LEASED}
  returning tasks.id, tasks.attempts, tasks.version
)
insert into task_log (task, event, attempt, version, worker, at)
select id, 'completed', attempts, version, $1::text, statement_timestamp()
from moved
returning task`;
