import { FatalTaskError, type TaskHandler } from "../tasks/handler.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { askWarehouse } from "./ask-warehouse.ts";
import { receivePayload } from "./payloads.ts";

/** Brings the units of a receipt to the warehouse. */
export function receiveHandler({ warehouse }: { warehouse: WarehouseClient }): TaskHandler {
  return {
    run(task, { signal }) {
      const body = receivePayload(task);
      const { taskId: key, traceId } = task;
      return askWarehouse(
        warehouse,
        () => warehouse.receive(body, { key, traceId, signal }),
        (answer) => {
          if (answer.outcome === "done") return { kind: "completed", result: answer };
          throw new FatalTaskError(`The warehouse refuses what it should take in (${answer.code}): ${answer.message}`);
        },
      );
    },
    // Nothing is claimed that the breaker would not let through.
    pausedMs: () => warehouse.breaker.opensInMs,
  };
}
