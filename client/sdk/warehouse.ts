import type { Connection } from "./call.ts";
import { query } from "./retry.ts";
import type { WarehouseClient } from "./types.ts";

export function warehouseClient(connection: Connection): WarehouseClient {
  return {
    stock: (request = {}, options) => query(connection, "warehouse.stock", request, options),
    updates: (request = {}, options) => query(connection, "warehouse.updates", request, options),
    breaker: (options) => query(connection, "warehouse.breaker", undefined, options),
  };
}
