import { openDatabase } from "../database/database.ts";
import { Worker } from "../tasks/worker.ts";
import { createWarehouseClient } from "../warehouse/client/create-warehouse-client.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { dispatchHandler } from "./dispatch-handler.ts";
import { purchaseTasks } from "./purchase-tasks.ts";

/**
 * A worker in a process of its own, which is killed as soon as the warehouse has answered its first dispatch, before anything
 * of that is stored. Its instructions are its argument, as JSON.
 */
const { databaseUrl, schema, warehouse: access } = JSON.parse(process.argv[2] ?? "") as WorkerInstructions;

const database = await openDatabase({ url: databaseUrl, schema, poolSize: 4 });
const client = createWarehouseClient(access);
const warehouse = new Proxy(client, {
  get(target, property) {
    if (property !== "dispatch") return Reflect.get(target, property, target);
    return async (...args: Parameters<WarehouseClient["dispatch"]>) => {
      await target.dispatch(...args);
      process.kill(process.pid, "SIGKILL");
    };
  },
});
new Worker({
  database,
  databaseUrl,
  schema,
  handlers: { dispatch: dispatchHandler({ database, schema, warehouse }) },
  sources: [purchaseTasks(database)],
  instance: `dying-${process.pid}`,
  concurrency: 1,
  onError: () => {},
});

export interface WorkerInstructions {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly warehouse: { readonly url: string; readonly secret: string };
}
