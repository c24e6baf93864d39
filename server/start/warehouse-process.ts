import { createLogger } from "../processes/logger.ts";
import { runAsChild } from "../processes/run-as-child.ts";
import type { Stopper } from "../processes/stopper.ts";
import type { Config } from "../settings/config.ts";
import { warehouseSchema } from "../warehouse/access.ts";
import { startWarehouse } from "../warehouse/service/start-warehouse.ts";
import type { WarehouseInfrastructure } from "./infrastructure.ts";

/** The warehouse service in a process of its own: what `startRoles` starts. */
runAsChild<WarehouseInstructions>({ begin });

async function begin(
  { config, databaseUrl, host, port, secrets, metricsToken, chaos }: WarehouseInstructions,
  stopper: Stopper,
): Promise<void> {
  const logger = createLogger(config).child({ role: "warehouse" });
  const warehouse = await startWarehouse({
    databaseUrl,
    schema: warehouseSchema(config.databaseSchema),
    host,
    port,
    secrets,
    metricsToken,
    logger,
    chaosAllowed: config.chaosAllowed,
    chaos,
    poolSize: config.poolSize,
    onError: (error) => logger.error({ err: error }, "in the background"),
  });
  stopper.add(() => warehouse.close());
}

export interface WarehouseInstructions extends WarehouseInfrastructure {
  /** No secret of the shop's is among it. */
  readonly config: Pick<Config, "mode" | "logLevel" | "databaseSchema" | "poolSize" | "chaosAllowed">;
  /** Faults that this start begins with. */
  readonly chaos: Config["chaos"];
}
