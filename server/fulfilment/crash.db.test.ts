import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createWarehouseClient } from "../warehouse/client/create-warehouse-client.ts";
import { startTestWarehouse, type TestWarehouse, WAREHOUSE_SECRET } from "../warehouse/service/warehouse.fixture.ts";
import type { WorkerInstructions } from "./dying-worker.fixture.ts";
import { allDone, buyOne, expectAgreement, placeOrderOf, startTestWorker } from "./workers.fixture.ts";

it("takes units from the warehouse once when worker after worker is killed between its answer and the storing of it", async () => {
  await using test = await createTestDatabase({ poolSize: 8 });
  await using warehouse = await startTestWarehouse(test);
  const client = createWarehouseClient({ url: warehouse.url, secret: WAREHOUSE_SECRET });
  const [order, bought] = [await placeOrderOf(test), await buyOne(test)];
  {
    await using _worker = await startTestWorker(test, client, ["receive"]);
    await expect.poll(() => warehouse.stockOf(bought.productId)).toBe(10);
    await expect.poll(() => warehouse.stockOf(order.productId)).toBe(10);
  }
  for (let killed = 0; killed < 3; killed++) {
    expect(await runUntilKilled(test, warehouse)).toBe("SIGKILL");
    const [held] = await test.sql`select worker from tasks where status = 'PROCESSING' order by due_at desc`;
    expect(held?.worker).toMatch(/^dying-/);
    await test.sql`update tasks set due_at = clock_timestamp() where status = 'PROCESSING'`;
  }
  await using _worker = await startTestWorker(test, client);
  await allDone(test);
  for (const { productId } of [order, bought]) expect(await warehouse.stockOf(productId)).toBe(7);
  const [logged] = await test.sql`select count(*)::int as recovered from task_log where event = 'recovered'`;
  expect(logged?.recovered).toBe(3);
  const onHand = new Map([order, bought].map(({ productId }) => [productId, 7]));
  await expectAgreement(test, onHand);
  await client.close();
});

/** @returns the signal that ended it */
async function runUntilKilled(test: TestDatabase, warehouse: TestWarehouse): Promise<string> {
  const { url: databaseUrl, schema } = test;
  const instructions: WorkerInstructions = {
    ...{ databaseUrl, schema },
    warehouse: { url: warehouse.url, secret: WAREHOUSE_SECRET },
  };
  const script = fileURLToPath(new URL("./dying-worker.fixture.ts", import.meta.url));
  const worker = spawn(process.execPath, [script, JSON.stringify(instructions)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [, signal] = await once(worker, "exit");
  return signal;
}
