import type { Database } from "../database/database.ts";
import type { TaskHandlers } from "../tasks/handler.ts";
import type { WarehouseAccess } from "../warehouse/access.ts";
import { createWarehouseClient } from "../warehouse/client/create-warehouse-client.ts";
import type { WarehouseClient, WarehouseObserver } from "../warehouse/client/warehouse-client.ts";
import { observeAlso, recordBreaker } from "../warehouse/record-breaker.ts";
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

export function openFulfilment(options: FulfilmentOptions): Fulfilment {
  const { database, schema, access, observer, breaker, onError } = options;
  const simulate = simulateHandler();
  if (!access) return { warehouse: undefined, handlers: { simulate }, close: async () => {} };
  const recorder = recordBreaker(database, { instance: breaker, onError });
  const warehouse = createWarehouseClient({ ...access, observer: observeAlso(observer, recorder.observer) });
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
  readonly observer: WarehouseObserver;
  /** The name of this process's circuit breaker among all that share the database. */
  readonly breaker: string;
  readonly onError: (error: unknown) => void;
}
