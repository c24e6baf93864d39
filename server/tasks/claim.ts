import type { TaskKind, TaskStatus } from "../../shared/tasks.ts";
import type { Database } from "../database/database.ts";
import { pipelineAndCommit } from "../database/transaction.ts";
import { IS_GIVEN } from "./by-number.ts";
import type { HeldTask } from "./handler.ts";

/**
 * Takes the lease of tasks that are due: the most urgent of each kind first, then those that have waited longest. What
 * another worker is taking at the same moment is passed over, not waited for.
 *
 * A task whose lease has ended counts as due. It is *recovered*: what its last worker did is unknown, so the attempt that
 * was lost counts. When that was the last one it becomes FAILED, so that a task that kills its workers does not go on
 * for ever.
 */
export function claimTasks(database: Database, { worker, wanted, slots }: Wanted): Promise<Claim> {
  const kinds = wanted.map(({ kind }) => kind);
  const slotsOfKinds = wanted.map((kind) => Math.min(kind.slots, slots));
  return claim(database, CLAIM_DUE, [worker, kinds, slotsOfKinds, slots]);
}

/** Takes the lease of one task that is due, unless it is of another kind, or somebody has its lease or is about to. */
export function claimOneTask(
  database: Database,
  { worker, taskId, kinds }: { worker: string; taskId: string; kinds: readonly TaskKind[] },
): Promise<Claim> {
  return claim(database, CLAIM_ONE, [worker, taskId, kinds]);
}

export interface Wanted {
  /** Who will hold the leases. */
  readonly worker: string;
  /** How many of each kind at most. */
  readonly wanted: readonly { readonly kind: TaskKind; readonly slots: number }[];
  /** How many of all kinds together. */
  readonly slots: number;
}

export interface Claim {
  readonly tasks: HeldTask[];
  /** The kinds of those that a lost worker had held, with those that have failed for good by that. */
  readonly recovered: readonly TaskKind[];
  /** How many tasks were changed: as many as were wanted when more may be due. */
  readonly count: number;
  /** When the question was sent, by `performance.now()`: no lease ends earlier than its length after that. */
  readonly askedAtMs: number;
}

async function claim(database: Database, text: string, params: unknown[]): Promise<Claim> {
  let askedAtMs = 0;
  const [rows = []] = await database.withTransaction(
    (tx) => {
      askedAtMs = performance.now();
      return pipelineAndCommit(tx, [{ text, params }]);
    },
    { name: "tasks.claim", keepPlans: true },
  );
  return {
    // With two columns more than they need, which is cheaper than to leave them out.
    tasks: rows.filter(({ status }) => status === PROCESSING) as unknown as HeldTask[],
    recovered: rows.filter(({ was }) => was === PROCESSING).map(({ kind }) => kind as TaskKind),
    count: rows.length,
    askedAtMs,
  };
}

const PROCESSING: TaskStatus = "PROCESSING";

/*
 * The row locks make the compare-and-swap below certain to succeed; it stands there all the same, so that a claim is safe
 * whatever the part that chooses may be changed to. An attempt begins or is lost by this statement alone.
 */
const MOVE_CHOSEN = `
moved as (
  update tasks
  set
    status = case when given.is_over then 'FAILED' else 'PROCESSING' end,
    version = tasks.version + 1,
    attempts = tasks.attempts + case when given.is_over then 0 else 1 end,
    worker = case when not given.is_over then $1::text end,
    due_at = case when not given.is_over then statement_timestamp() + tasks.lease_ms * interval '1 millisecond' end,
    error_message = case
      when given.is_over then 'The last attempt was lost with its worker (' || given.worker || ').'
      else tasks.error_message
    end,
    processed_at = case when given.status = 'PROCESSING' then statement_timestamp() else tasks.processed_at end
  from chosen as given
  where ${IS_GIVEN}
    and tasks.version = given.version
    and tasks.status = given.status
  returning
    tasks.id, tasks.task_id, tasks.kind, tasks.payload, tasks.settings, tasks.status, tasks.attempts, tasks.attempts_max,
    tasks.version, tasks.trace_id, tasks.lease_ms, tasks.backoff_min_ms, tasks.backoff_max_ms, tasks.priority,
    tasks.error_message, given.status as was, given.worker as was_held_by
), logged as (
  insert into task_log (task, event, attempt, version, worker, message, at)
  select
    id,
    case when status = 'FAILED' then 'failed' when was = 'PROCESSING' then 'recovered' else 'claimed' end,
    attempts,
    version,
    $1::text,
    case
      when status = 'FAILED' then error_message
      when was = 'PROCESSING' then 'The lease of ' || was_held_by || ' had ended.'
    end,
    statement_timestamp()
  from moved
)
select
  id, task_id as "taskId", kind, payload, settings, status, attempts, attempts_max as "attemptsMax", version,
  trace_id as "traceId", lease_ms as "leaseMs", backoff_min_ms as "backoffMinMs", backoff_max_ms as "backoffMaxMs", was
from moved
order by priority desc, id`;

/** What is locked of one kind and not chosen, because others are more urgent, is free again when the statement ends. */
const CLAIM_DUE = `
with due as materialized (
  select due.*
  from unnest($2::text[], $3::int[]) as wanted (kind, slots)
  cross join lateral (
    select id, version, status, worker, priority, due_at, attempts, attempts_max
    from tasks
    where tasks.kind = wanted.kind
      and tasks.due_at <= now()
      -- What the index of open tasks holds, in its own words.
      and tasks.status not in ('COMPLETED', 'CANCELLED')
    order by priority desc, due_at, id
    limit wanted.slots
    for update skip locked
  ) as due
), chosen as materialized (
  select id, version, status, worker, status = 'PROCESSING' and attempts >= attempts_max as is_over
  from due
  order by priority desc, due_at, id
  limit $4::int
), ${MOVE_CHOSEN}`;

const CLAIM_ONE = `
with chosen as materialized (
  select id, version, status, worker, false as is_over
  from tasks
  where task_id = $2::text
    and kind = any ($3::text[])
    and status in ('PENDING', 'FAILED')
    and due_at <= now()
  for update skip locked
), ${MOVE_CHOSEN}`;
