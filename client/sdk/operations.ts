import type { Connection } from "./call.ts";
import { query } from "./retry.ts";
import type { OperationsClient } from "./types.ts";

export function operationsClient(connection: Connection): OperationsClient {
  return {
    reconcile: (options) => query(connection, "operations.reconcile", undefined, options),
  };
}
