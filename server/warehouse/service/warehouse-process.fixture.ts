import { createLogger } from "../../processes/logger.ts";
import { startWarehouse, type WarehouseOptions } from "./start-warehouse.ts";

/**
 * The warehouse in a process of its own, which can die. Its options are its argument, as JSON; it prints its address, and
 * runs until it is killed.
 */
const options: Omit<WarehouseOptions, "logger" | "onError"> = JSON.parse(process.argv[2] ?? "");
const { url } = await startWarehouse({
  ...options,
  logger: createLogger({ mode: "production", logLevel: "silent" }),
  onError: () => {},
});
process.stdout.write(`${url}\n`);
