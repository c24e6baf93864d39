import type { Statement } from "../database/prepared-statement.ts";
import { IS_GIVEN, IS_LEASED } from "./by-number.ts";
import type { HeldTask } from "./held-task.ts";

/** An attempt that is to end in FAILED. */
export interface Failure {
  readonly task: HeldTask;
  readonly message: string;
  /** How long the next attempt waits, if there is one left. Null: no attempt can help. */
  readonly delayMs: number | null;
}

/**
 * Fails those whose lease still holds, and answers the numbers (`task`) of these. With attempts left they are due again
 * after their delay; without, they wait for an operator.
 */
export function failStatement(worker: string, failures: readonly Failure[]): Statement {
  return {
    text: FAIL,
    params: [
      worker,
      failures.map(({ task }) => task.id),
      failures.map(({ task }) => task.version),
      failures.map(({ message }) => message),
      failures.map(({ delayMs }) => delayMs),
    ],
  };
}

const FAIL = `
with given as materialized (
  select id, version, message, delay_ms
  from unnest($2::bigint[], $3::bigint[], $4::text[], $5::float8[]) as given (id, version, message, delay_ms)
), moved as (
  update tasks
  set
    status = 'FAILED',
    version = tasks.version + 1,
    worker = null,
    due_at = case
      when tasks.attempts < tasks.attempts_max then statement_timestamp() + given.delay_ms * interval '1 millisecond'
    end,
    error_message = given.message,
    processed_at = statement_timestamp()
  from given
  where ${IS_GIVEN}
    and tasks.version = given.version
    and ${IS_LEASED}
  returning tasks.id, tasks.attempts, tasks.version, tasks.error_message
)
insert into task_log (task, event, attempt, version, worker, message, at)
select id, 'failed', attempts, version, $1::text, error_message, statement_timestamp()
from moved
returning task`;
