import type { Connection } from "./call.ts";
import { mutateOnce, query } from "./retry.ts";
import type { OperationsClient } from "./types.ts";

export function operationsClient(connection: Connection): OperationsClient {
  return {
    reconcile: (options) => query(connection, "operations.reconcile", undefined, options),
    reconcileState: (options) => query(connection, "operations.reconcileState", undefined, options),
    metrics: (options) => query(connection, "operations.metrics", undefined, options),
    chaos: (request, options) => mutateOnce(connection, "operations.chaos", request, options),
    chaosState: (options) => query(connection, "operations.chaosState", undefined, options),
    verdict: (options) => query(connection, "operations.verdict", undefined, options),
  };
}
