import { createLogger } from "../logger.ts";
import type { Stopper } from "../stopper.ts";
import { warehouseSchema } from "../warehouse/access.ts";
import { startWarehouse } from "../warehouse/service/start-warehouse.ts";
import { liveAsChild } from "./child.ts";
import type { WarehouseInstructions } from "./role-messages.ts";

/** The warehouse service in a process of its own: what `startRoles` starts. */
liveAsChild<WarehouseInstructions, never>({ begin, stopsOnSignals: false });

async function begin(
  { config, databaseUrl, host, port, secrets, metricsToken, chaos }: WarehouseInstructions,
  stopper: Stopper,
): Promise<object> {
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
  return {};
}
