import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Ground } from "../ground.ts";
import type { Stopper } from "../stopper.ts";
import { KeptRole, type KeptRoleOptions } from "./kept-role.ts";
import type { KnownProcesses } from "./known-processes.ts";
import { sentConfig } from "./messages.ts";

/**
 * Starts the warehouse and the worker, as far as this start runs them: each in a process of its own. The worker comes when
 * the store is ready, and the warehouse, so that its first calls find somebody.
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
  if (warehouse) {
    const { mode, logLevel, databaseSchema, poolSize, chaosAllowed } = config;
    const itsConfig = { mode, logLevel, databaseSchema, poolSize, chaosAllowed };
    const instructions = (start: number) => ({ ...warehouse, config: itsConfig, chaos: chaosOf(config, start) });
    await startRole({ name: "warehouse", instructions, ...options });
  }
  await storeIsReady;
  if (shop && config.roles.includes("worker")) {
    const worker = await startRole({
      name: "worker",
      instructions: () => ({ ...shop, config: sentConfig(config) }),
      ...options,
    });
    processes.add("worker", () => worker.collect());
  }
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

async function startRole<Instructions>({
  stopper,
  ...options
}: KeptRoleOptions<Instructions> & StartOptions): Promise<KeptRole<Instructions>> {
  const role = new KeptRole(options);
  stopper.add(() => role.stop());
  await role.start();
  return role;
}
