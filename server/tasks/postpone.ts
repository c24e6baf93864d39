import type { Statement } from "../database/prepared-statement.ts";
import { IS_GIVEN, IS_LEASED } from "./by-number.ts";
import type { HeldTask } from "./held-task.ts";

/** An attempt that turned out to be too early. */
export interface Postponement {
  readonly task: HeldTask;
  readonly reason: string;
  readonly delayMs: number;
}

/**
 * Puts those whose lease still holds back to PENDING, and answers the numbers (`task`) of these. The attempt is taken
 * back, so that a task that has only ever been postponed has not begun.
 */
export function postponeStatement(worker: string, postponements: readonly Postponement[]): Statement {
  return {
    text: POSTPONE,
    params: [
      worker,
      postponements.map(({ task }) => task.id),
      postponements.map(({ task }) => task.version),
      postponements.map(({ reason }) => reason),
      postponements.map(({ delayMs }) => delayMs),
    ],
  };
}

const POSTPONE = `
with given as materialized (
  select id, version, reason, delay_ms
  from unnest($2::bigint[], $3::bigint[], $4::text[], $5::float8[]) as given (id, version, reason, delay_ms)
), moved as (
  update tasks
  set
    status = 'PENDING',
    version = tasks.version + 1,
    attempts = tasks.attempts - 1,
    worker = null,
    due_at = statement_timestamp() + given.delay_ms * interval '1 millisecond',
    processed_at = statement_timestamp()
  from given
  where ${IS_GIVEN}
    and tasks.version = given.version
    and ${IS_LEASED}
  returning tasks.id, tasks.attempts, tasks.version, given.reason
)
insert into task_log (task, event, attempt, version, worker, message, at)
select id, 'postponed', attempts, version, $1::text, reason, statement_timestamp()
from moved
returning task`;
