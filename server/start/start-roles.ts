import { join } from "node:path";
import type { AskedProcess } from "../metrics/gather.ts";
import { SupervisedProcess } from "../processes/supervised-process.ts";
import type { Config } from "../settings/config.ts";
import { warehouseSchema } from "../warehouse/access.ts";
import type { Infrastructure } from "./infrastructure.ts";
import type { Starting } from "./starting.ts";
import type { WarehouseInstructions } from "./warehouse-process.ts";
import type { WorkerInstructions } from "./worker-process.ts";

/**
 * Starts the warehouse and the worker, as far as this start runs them: each in a process of its own. Both processes are made
 * at once; the worker begins when the store is ready, and the warehouse, so that its first calls find somebody.
 *
 * @param storeIsReady resolves when the store is migrated
 */
export function startRoles(
  { config, logger, stopper }: Starting,
  { shop, warehouse }: Infrastructure,
  storeIsReady: Promise<unknown>,
): StartedRoles {
  const { mode, logLevel, databaseSchema, poolSize, chaosAllowed, port, roles } = config;
  const start = <Instructions>(process: SupervisedProcess<Instructions>) => {
    stopper.add(() => process.stop());
    return process.start();
  };
  const mayBegin = Promise.all([
    storeIsReady,
    warehouse &&
      start(
        new SupervisedProcess<WarehouseInstructions>({
          name: "warehouse",
          module: join(import.meta.dirname, "warehouse-process.ts"),
          logger,
          instructions: (which) => ({
            ...warehouse,
            ...{ mode, logLevel, schema: warehouseSchema(databaseSchema), poolSize, chaosAllowed },
            chaos: chaosOf(config, which),
          }),
        }),
      ),
  ]);
  if (!shop || !roles.includes("worker")) return { working: mayBegin.then(() => {}), processes: [] };
  const { databaseUrl, warehouse: access } = shop;
  const worker = new SupervisedProcess<WorkerInstructions>({
    name: "worker",
    module: join(import.meta.dirname, "worker-process.ts"),
    logger,
    mayBegin,
    instructions: () => ({ databaseUrl, warehouse: access, config: { mode, logLevel, databaseSchema, port, roles } }),
  });
  return {
    // Whatever the worker waits for in vain is the reason why it does not work.
    working: Promise.all([mayBegin, start(worker)]).then(() => {}),
    processes: [{ instance: "worker", collect: () => worker.collect() }],
  };
}

export interface StartedRoles {
  /** Resolves when all of them work. @throws ProcessesError with the reason of one that does not start */
  readonly working: Promise<void>;
  /** Those that have metrics to tell for the shop. */
  readonly processes: readonly AskedProcess[];
}

/** A crash is given once: a process that is started again after one would never answer. */
function chaosOf({ chaos }: Config, start: number): Config["chaos"] {
  return chaos && start > 1 ? { ...chaos, faults: chaos.faults.filter((fault) => fault !== "crash") } : chaos;
}
