import type { ReconcileResult } from "../../shared/operations.ts";
import { nextFlight } from "../concurrency/single-flight.ts";
import type { OnCheck } from "./checks/check.ts";
import { reconcile } from "./reconcile.ts";
import { recordRun } from "./reconcile-runs.ts";
import type { OperationsServices } from "./services.ts";
import { checkWarehouse } from "./warehouse-agrees.ts";

/**
 * `reconcile` for many callers, and the warehouse held against the shop besides. One run at a time, since a run keeps a
 * connection for as long as it takes: who asks while one is under way shares the next one with all others who do, so that
 * everybody's answer is newer than their question.
 */
export const reconcileShop = nextFlight(
  (services: Reconciled) => reconcileAll(services),
  ({ database }) => database,
);

/** The same for one caller, who is told how far it has come. */
export async function reconcileAll(services: Reconciled, onCheck?: OnCheck): Promise<ReconcileResult> {
  const run = await reconcile(services.operatorReads, { onCheck });
  const { isCompared, ...warehouse } = await checkWarehouse({ ...services, database: services.operatorReads });
  const ok = run.ok && warehouse.ok;
  // What was not compared is answered, and not remembered as checked.
  const checked = isCompared ? [...run.checks, warehouse] : run.checks;
  // Whoever asked gets the answer, whether it can be remembered or not.
  await recordRun(services.database, { ...run, ok, checks: checked }).catch((error: unknown) =>
    services.onError?.(error),
  );
  return { ok, checks: [...run.checks, warehouse] };
}

type Reconciled = Pick<OperationsServices, "database" | "operatorReads" | "warehouse" | "onError">;
