import { createLogger } from "../processes/logger.ts";
import { runAsChild } from "../processes/run-as-child.ts";
import type { Config } from "../settings/config.ts";
import { startWarehouse, type WarehouseOptions } from "../warehouse/service/start-warehouse.ts";

/** The warehouse service in a process of its own: what `startRoles` starts. */
runAsChild<WarehouseInstructions>({
  async begin({ mode, logLevel, ...options }, stopper) {
    const logger = createLogger({ mode, logLevel }).child({ role: "warehouse" });
    const onError = (error: unknown) => logger.error({ err: error }, "in the background");
    const warehouse = await startWarehouse({ ...options, logger, onError });
    stopper.add(() => warehouse.close());
  },
});

/** No secret of the shop's is among it. */
export type WarehouseInstructions = Omit<WarehouseOptions, "logger" | "onError"> & Pick<Config, "mode" | "logLevel">;
