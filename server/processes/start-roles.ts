import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Ground } from "../ground.ts";
import type { Stopper } from "../stopper.ts";
import { KeptRole, type KeptRoleOptions } from "./kept-role.ts";
import type { KnownProcesses } from "./known-processes.ts";

/**
 * Starts the warehouse and the worker, as far as this start runs them: each in a process of its own. Both processes are made
 * at once; the worker begins when the store is ready, and the warehouse, so that its first calls find somebody.
 *
 * @param storeIsReady resolves when the store is migrated
 * @throws ProcessesError with the reason of one that does not start
 */
export async function startRoles(
  config: Config,
  { shop, warehouse }: Ground,
  { storeIsReady, processes, logger, stopper }: RolesOptions,
): Promise<void> {
  const options = { logger, stopper };
  const { mode, logLevel, databaseSchema, poolSize, chaosAllowed, port, roles } = config;
  const common = { mode, logLevel, databaseSchema };
  const warehouseWorks = warehouse
    ? startRole(
        {
          name: "warehouse",
          instructions: (start) => ({
            ...warehouse,
            config: { ...common, poolSize, chaosAllowed },
            chaos: chaosOf(config, start),
          }),
        },
        options,
      ).works
    : undefined;
  const mayBegin = Promise.all([warehouseWorks, storeIsReady]);
  if (shop && config.roles.includes("worker")) {
    const { databaseUrl, warehouse: access } = shop;
    const instructions = () => ({ databaseUrl, warehouse: access, config: { ...common, port, roles } });
    const { role, works } = startRole({ name: "worker", mayBegin, instructions }, options);
    processes.add("worker", () => role.collect());
    // Whatever it waits for in vain is the reason why it does not work.
    await Promise.all([mayBegin, works]);
  }
  await mayBegin;
}

/** A crash is given once: a process that is started again after one would never answer. */
function chaosOf({ chaos }: Config, start: number): Config["chaos"] {
  return chaos && start > 1 ? { ...chaos, faults: chaos.faults.filter((fault) => fault !== "crash") } : chaos;
}

export interface RolesOptions extends Pick<StartOptions, "logger" | "stopper"> {
  readonly storeIsReady: Promise<unknown>;
  /** Gets those that have metrics to tell for the shop. */
  readonly processes: KnownProcesses;
}

interface StartOptions {
  readonly logger: Logger;
  /** Gets what has to be given back. */
  readonly stopper: Stopper;
}

function startRole<Instructions>(
  what: Omit<KeptRoleOptions<Instructions>, "logger">,
  { logger, stopper }: StartOptions,
): { role: KeptRole<Instructions>; works: Promise<void> } {
  const role = new KeptRole({ ...what, logger });
  stopper.add(() => role.stop());
  return { role, works: role.start() };
}
