import type { ReconcileRun } from "../../../shared/operations.ts";
import type { TestDatabase } from "../../testing/test-database.ts";
import { type NewRun, reconcileNew } from "./reconcile-new.ts";
import { takeTurn } from "./take-turn.ts";

/** A run over what is new, whether it is due or not. */
export async function runNew(test: TestDatabase, sizeMax = 1_000): Promise<NewRun> {
  await test.sql`update reconcile_turns set due_at = clock_timestamp()`;
  const turn = await takeTurn(test.database);
  if (turn.is !== "taken") throw new Error("there was no turn to take");
  return reconcileNew(test.database, { turn: turn.turn, sizeMax });
}

/** The names of the checks that a run found broken. */
export function brokenIn({ checks }: ReconcileRun): string[] {
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}
