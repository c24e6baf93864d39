import type { Databases } from "../database/databases.ts";
import { makeOperator } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createWarehouseClient } from "../warehouse/client/create-warehouse-client.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import type { WarehouseOptions } from "../warehouse/service/start-warehouse.ts";
import { startTestWarehouse, type TestWarehouse, WAREHOUSE_SECRET } from "../warehouse/service/warehouse.fixture.ts";
import { startTestWorker } from "./workers.fixture.ts";

/** A shop with a real warehouse service beside it, and a client between them. */
export interface Fulfilling extends AsyncDisposable {
  readonly test: TestDatabase;
  readonly service: TestWarehouse;
  readonly client: WarehouseClient;
  readonly services: Pick<Databases, "database" | "operatorReads"> & { readonly warehouse: WarehouseClient };
  readonly operatorId: string;
  /** Carries tasks out from now on, with a client of its own. */
  work(): Promise<void>;
}

export async function startFulfilling(options: Partial<WarehouseOptions> = {}): Promise<Fulfilling> {
  const stack = new AsyncDisposableStack();
  const test = stack.use(await createTestDatabase());
  const service = stack.use(await startTestWarehouse(test, options));
  const open = () => {
    const client = createWarehouseClient({ url: service.url, secret: WAREHOUSE_SECRET });
    stack.defer(() => client.close());
    return client;
  };
  const client = open();
  return {
    test,
    service,
    client,
    services: { database: test.database, operatorReads: test.database, warehouse: client },
    operatorId: await makeOperator(test.database),
    async work() {
      stack.use(await startTestWorker(test, open()));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
