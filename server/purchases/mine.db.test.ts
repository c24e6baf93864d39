import { expect, it } from "vitest";
import { FakeWarehouse } from "../fulfilment/fake-warehouse.fixture.ts";
import { purchaseTasks } from "../fulfilment/purchase-tasks.ts";
import { allDone, buyOne, startTestWorker } from "../fulfilment/workers.fixture.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { makeOperator } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { mine } from "./mine.ts";
import { refund } from "./refund.ts";

it("says where a purchase is: paid, dispatching, dispatched, or given back and by whom", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const [sent, refused, refunded] = [await buyOne(test), await buyOne(test), await buyOne(test)];
  const statusOf = async ({ userId }: { userId: string }) => {
    const [purchase] = (await mine(test.database, userId, { limit: 5 })).items;
    return [purchase?.status, purchase?.rejectedBecause ?? purchase?.refundedBecause];
  };
  expect(await statusOf(sent)).toEqual(["paid", null]);
  await purchaseTasks(test.database).derive();
  await purchaseTasks(test.database).derive();
  expect(await statusOf(sent)).toEqual(["paid", null]);

  const services = { database: test.database, liveSales: recordingLiveSales() };
  const { purchaseId } = refunded;
  await refund(services, await makeOperator(test.database), { purchaseId, idempotencyKey: "r" });
  expect(await statusOf(refunded)).toEqual(["refunded", "Refunded by the shop"]);
  {
    await using _worker = await startTestWorker(test, warehouse, ["receive"]);
    await eventually("the goods are in", () => warehouse.onHand.size === 3);
  }
  warehouse.onHand.set(refused.productId, 0);
  const gate = Promise.withResolvers<void>();
  warehouse.gate = gate.promise;
  await using _worker = await startTestWorker(test, warehouse);
  await eventually("they are on their way", () => warehouse.calls.length === 5);
  for (const purchase of [sent, refused]) expect(await statusOf(purchase)).toEqual(["dispatching", null]);
  gate.resolve();
  await allDone(test);
  expect(await statusOf(sent)).toEqual(["dispatched", null]);
  expect(await statusOf(refused)).toEqual(["rejected", expect.stringContaining("too few")]);
  expect(await statusOf(refunded)).toEqual(["refunded", "Refunded by the shop"]);
});
