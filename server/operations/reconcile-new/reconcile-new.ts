import type { ReconcileResult, ReconcileRun } from "../../../shared/operations.ts";
import type { Database } from "../../database/database.ts";
import { runCheck } from "../run-check.ts";
import { lookAtNew, type NewRows } from "./look-at-new.ts";
import { newChecks } from "./new-checks.ts";
import { settleTurn } from "./settle-turn.ts";

/**
 * One run over what is new, for whoever has the turn:
 *
 *   snapshot, read only: what is new ▶ every check over it      marks moved, run stored, next turn set
 *   └────────── at most `sizeMax` rows, about 1 s  ─────────┘ ▶ └── if the turn is still this one's ──┘
 *
 * The snapshot keeps dead rows of hot items from being cleaned up, so it is short, whatever there is to check: the rest
 * comes with the next run. Nothing of what is sold is locked. When the second transaction does not come about, the next
 * run looks at the same again.
 *
 * @throws TurnLostError when another worker has had a turn meanwhile; the reason of `signal`, between two checks
 */
export async function reconcileNew(
  database: Database,
  { turn, sizeMax, signal }: { turn: number; sizeMax: number; signal?: AbortSignal | undefined },
): Promise<NewRun> {
  const { rows, run } = await database.withTransaction(
    async (tx) => {
      const beganAt = performance.now();
      const rows = await lookAtNew(tx, sizeMax);
      const checks: ReconcileResult["checks"] = [];
      for (const check of newChecks(rows)) {
        signal?.throwIfAborted();
        checks.push(await runCheck(tx, check));
      }
      const ok = checks.every((check) => check.ok);
      const seconds = (performance.now() - beganAt) / 1_000;
      const run: ReconcileRun = { scope: "new", startedAt: rows.startedAt, seconds, ok, checks };
      return { rows, run };
    },
    { name: "reconcile.new", isolation: "repeatable read", readOnly: true, attemptsMax: 1 },
  );
  await settleTurn(database, { turn, rows, run });
  return { ...run, isPartial: rows.isPartial };
}

export interface NewRun extends ReconcileRun {
  /** Whether there was more than one run may look at. */
  readonly isPartial: NewRows["isPartial"];
}
