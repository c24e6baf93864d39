import { sql } from "drizzle-orm";
import type { ReconcileRun } from "../../../shared/operations.ts";
import type { Database } from "../../database/database.ts";
import { runChecks } from "../checks/check.ts";
import { NEW_CHECKS } from "../checks/checks.ts";
import { storeRun } from "../reconcile-runs.ts";
import { LEASE_MS, type Lease } from "./lease.ts";
import type { ItemLook } from "./look-at-items.ts";
import { type Look, lookAtNew } from "./new-rows.ts";

/**
 * One run over what is new, for whoever has the lease:
 *
 *   snapshot, read only: what is new ▶ every check over it      marks moved, run stored, next run due
 *   └────────── at most `sizeMax` rows, about 1 s  ─────────┘ ▶ └── if the lease is still this one's ─┘
 *
 * The snapshot keeps dead rows of hot items from being cleaned up, so it is short, whatever there is to check: the rest
 * comes with the next run. Nothing of what is sold is locked. When the second transaction does not come about, the next
 * run looks at the same again.
 *
 * @throws LeaseLostError when another worker has had a lease meanwhile; the reason of `signal`, between two checks
 */
export async function reconcileNew(
  database: Database,
  { lease, sizeMax, signal }: { lease: Lease; sizeMax: number; signal?: AbortSignal | undefined },
): Promise<NewRun> {
  const { look, run } = await database.withTransaction(
    async (tx) => {
      const beganAt = performance.now();
      const look = await lookAtNew(tx, sizeMax);
      const checks = await runChecks(tx, NEW_CHECKS, { rows: look.rows, signal });
      const ok = checks.every((check) => check.ok);
      const seconds = (performance.now() - beganAt) / 1_000;
      const run: ReconcileRun = { scope: "new", startedAt: look.startedAt, seconds, ok, checks };
      return { look, run };
    },
    { name: "reconcile.new", isolation: "repeatable read", readOnly: true, attemptsMax: 1 },
  );
  await settle(database, { lease, look, run });
  return { ...run, isPartial: look.isPartial };
}

export interface NewRun extends ReconcileRun {
  /** Whether there was more than one run may look at. */
  readonly isPartial: boolean;
}

/** Marks only ever go forward, and what is new is new to one run. */
async function settle(
  database: Database,
  { lease, look, run }: { lease: Lease; look: Look; run: ReconcileRun },
): Promise<void> {
  const { items, coveredUntil, isPartial } = look;
  // Where something was left, the next run comes sooner.
  const pauseMs = isPartial ? Math.max(PAUSE_MS_MIN, run.seconds * 1_000 * (1 / DUTY - 1)) : LEASE_MS;
  await database.withTransaction(
    async (tx) => {
      const held = await tx.execute(sql`
        update reconcile_turns
        set covered_until = ${coveredUntil},
          due_at = least(due_at, statement_timestamp() + ${pauseMs}::float8 * interval '1 millisecond')
        where turn = ${lease.token}
        returning turn
      `);
      if (held.length === 0) throw new LeaseLostError();
      const column = <T>(read: (item: ItemLook) => T) => sql.param(items.map(read));
      await tx.execute(sql`
        update reconcile_marks as marks
        set position = looked.position, units_sold = looked.units_sold, tasks_position = looked.tasks_position,
          allotted = looked.allotted, remaining = looked.remaining, is_settled = looked.is_settled
        from unnest(
          ${column(({ itemId }) => itemId)}::bigint[],
          ${column(({ upto }) => upto)}::bigint[],
          ${column(({ unitsSold }) => unitsSold)}::bigint[],
          ${column(({ tasksUpto }) => tasksUpto)}::bigint[],
          ${column(({ stock }) => stock?.allotted ?? null)}::integer[],
          ${column(({ stock }) => stock?.remaining ?? null)}::integer[],
          ${column(({ isSettled }) => isSettled)}::boolean[]
        ) as looked (item_id, position, units_sold, tasks_position, allotted, remaining, is_settled)
        where marks.item_id = looked.item_id
      `);
      await storeRun(tx, run);
    },
    { name: "reconcile.settle" },
  );
}

/** Another worker has had a lease since: what this run found is not stored. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";

  constructor() {
    super("the run took so long that another worker's was due");
  }
}

/** The share of one connection's time that runs take while they have fallen behind, for example in a great sale. */
const DUTY = 0.05;

/** A short run has a transaction around it too. */
const PAUSE_MS_MIN = 1_000;
