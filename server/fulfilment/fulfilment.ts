import type { Registry } from "@prometheus-io/client";
import type { Database } from "../database/database.ts";
import type { TaskHandlers } from "../tasks/handler.ts";
import type { WarehouseAccess } from "../warehouse/access.ts";
import { followBreaker, WarehouseClientMetrics } from "../warehouse/client/client-metrics.ts";
import { createWarehouseClient } from "../warehouse/client/create-warehouse-client.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { recordBreaker } from "../warehouse/record-breaker.ts";
import { dispatchHandler } from "./dispatch-handler.ts";
import { receiveHandler } from "./receive-handler.ts";
import { simulateHandler } from "./simulate-handler.ts";

/** What a process needs to carry tasks out. */
export interface Fulfilment {
  /** Absent where no warehouse is known: then only what needs none is carried out. */
  readonly warehouse: WarehouseClient | undefined;
  readonly handlers: TaskHandlers;
  close(): Promise<void>;
}

export function openFulfilment({
  database,
  schema,
  access,
  registry,
  breaker,
  onError,
}: FulfilmentOptions): Fulfilment {
  const simulate = simulateHandler();
  if (!access) return { warehouse: undefined, handlers: { simulate }, close: async () => {} };
  const recorder = recordBreaker(database, { instance: breaker, onError });
  const metrics = new WarehouseClientMetrics(registry);
  const warehouse = createWarehouseClient({
    ...access,
    observer: {
      tried: (...told) => metrics.tried(...told),
      retried: (...told) => metrics.retried(...told),
      transitioned(from, to, reason) {
        metrics.transitioned(from, to);
        recorder.add({ from, to, reason });
      },
    },
  });
  followBreaker(registry, warehouse.breaker);
  return {
    warehouse,
    handlers: {
      simulate,
      dispatch: dispatchHandler({ database, schema, warehouse }),
      receive: receiveHandler({ warehouse }),
    },
    async close() {
      await warehouse.close();
      await recorder.close();
    },
  };
}

export interface FulfilmentOptions {
  readonly database: Database;
  /** The store. */
  readonly schema: string;
  readonly access: WarehouseAccess | undefined;
  /** Gets the metrics of calls to the warehouse. */
  readonly registry: Registry;
  /** The name of this process's circuit breaker among all that share the database. */
  readonly breaker: string;
  readonly onError: (error: unknown) => void;
}
