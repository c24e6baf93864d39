import type { Database } from "../database/database.ts";
import { pipelineAndCommit } from "../database/transaction.ts";
import { IS_GIVEN, IS_LEASED } from "./by-number.ts";
import type { HeldTask } from "./held-task.ts";

/**
 * Renews leases, all in one statement. The version stays: whoever holds it, holds it on. It waits for nobody: a row that
 * is locked is about to change, and asked about again in time.
 *
 * @returns the ids of those that were renewed, and of those that somebody else has changed
 */
export async function renewLeases(
  database: Database,
  held: readonly Pick<HeldTask, "id" | "version">[],
): Promise<{ renewed: number[]; lost: number[] }> {
  const params = [held.map(({ id }) => id), held.map(({ version }) => version)];
  const [rows = []] = await database.withTransaction((tx) => pipelineAndCommit(tx, [{ text: RENEW, params }]), {
    name: "tasks.heartbeat",
    keepPlans: true,
    deadlineMs: DEADLINE_MS,
  });
  const idsThat = (isLost: boolean) => rows.filter((row) => row.is_lost === isLost).map(({ id }) => Number(id));
  return { renewed: idsThat(false), lost: idsThat(true) };
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
