import { expect, it } from "vitest";
import type { OrderResult } from "../../shared/orders.ts";
import { FakeWarehouse } from "../fulfilment/fake-warehouse.fixture.ts";
import {
  allDone,
  expectAgreement,
  expectReconciled,
  startTestWorker,
  tasksFor,
} from "../fulfilment/workers.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyers, makeProducts } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { OrderGate } from "./order-gate.ts";
import { placeOrder } from "./place.ts";

/** A web process with a warehouse that has the goods, and buyers. */
async function openShop({ units = 50, buyers = 1 } = {}) {
  const test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const [productId = 0] = await makeProducts(test.database, [{ units }]);
  const userIds = await makeBuyers(test.database, buyers, { balanceCents: 100_000 });
  {
    await using _worker = await startTestWorker(test, warehouse, ["receive"]);
    await eventually("the goods are in", async () => {
      const [open] = await test.sql`select from tasks where status <> 'COMPLETED'`;
      return !open && warehouse.onHand.get(productId) === units;
    });
  }
  const tasks = tasksFor(test, warehouse);
  const limits = { takePurchaseToken: () => {}, tooManyRefusals: () => undefined, chargeRefusal: () => {} } as never;
  const services = { database: test.database, limits, orderGate: new OrderGate(), tasks, warehouse };
  return {
    test,
    warehouse,
    tasks,
    productId,
    place: (quantity: number, idempotencyKey: string = crypto.randomUUID(), buyer = 0): Promise<OrderResult> =>
      placeOrder(services, { userId: userIds[buyer] ?? "" }, { lines: [{ productId, quantity }], idempotencyKey }),
    async [Symbol.asyncDispose]() {
      await tasks.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

it("answers an order as confirmed when the warehouse sends it at once, and so when it is asked for again", async () => {
  await using shop = await openShop();
  const first = await shop.place(3, "k");
  expect(first).toMatchObject({ outcome: "placed", replayed: false, order: { status: "confirmed" } });
  expect(await shop.place(3, "k")).toEqual({ ...first, replayed: true });
  expect(shop.warehouse.onHand.get(shop.productId)).toBe(47);
  await expectAgreement(shop.test, shop.warehouse.onHand);
});

it.each([
  ["has too few", "SQLITE_BUSY", (warehouse: FakeWarehouse, productId: number) => warehouse.onHand.set(productId, 2)],
  ["does not know it", "SQLITE_NOTFOUND", (warehouse: FakeWarehouse, id: number) => warehouse.onHand.delete(id)],
] as const)(
  "answers an order as rejected, with its money back, when the warehouse %s",
  async (_, errorCode, damage) => {
    await using shop = await openShop();
    damage(shop.warehouse, shop.productId);
    const result = await shop.place(3, "k");
    const rejected = {
      ...{ status: "rejected", errorMessage: expect.stringMatching(/^The warehouse .*\.$/) },
      ...{ inventoryUpdated: false, balanceCents: 100_000, refundedAt: expect.any(String) },
    };
    expect(result).toMatchObject({ outcome: "placed", replayed: false, errorCode, order: rejected });
    expect(await shop.place(3, "k")).toMatchObject({ replayed: true, order: rejected });
    const [wallet] = await shop.test.sql`select sum(balance_cents)::int as cents from wallets`;
    expect(wallet?.cents).toBe(100_000);
    await expectReconciled(shop.test);
  },
);

it("answers an order as pending when the warehouse is silent, and a worker sends it later, once", async () => {
  await using shop = await openShop();
  shop.warehouse.isDown = "after";
  const result = await shop.place(3);
  expect(result).toMatchObject({ outcome: "placed", order: { status: "pending" } });
  expect(result).not.toHaveProperty("errorCode");
  shop.warehouse.isDown = false;
  await using _worker = await startTestWorker(shop.test, shop.warehouse);
  await allDone(shop.test);
  expect(shop.warehouse.onHand.get(shop.productId)).toBe(47);
  await expectAgreement(shop.test, shop.warehouse.onHand);
});

it("does not ask a warehouse whose breaker is open", async () => {
  await using shop = await openShop();
  Object.assign(shop.warehouse.breaker, { state: "open", opensInMs: 5_000 });
  const calls = shop.warehouse.calls.length;
  expect(await shop.place(3)).toMatchObject({ outcome: "placed", order: { status: "pending" } });
  expect(shop.warehouse.calls).toHaveLength(calls);
  expect(await shop.test.sql`select attempts from tasks where kind = 'dispatch'`).toEqual([{ attempts: 0 }]);
});

it("waits for the worker that was quicker to take the task", async () => {
  await using shop = await openShop();
  const gate = Promise.withResolvers<void>();
  shop.warehouse.gate = gate.promise;
  await using _worker = await startTestWorker(shop.test, shop.warehouse);
  const { runNow } = shop.tasks;
  const answers: string[] = [];
  shop.tasks.runNow = async (taskId, timeoutMs) => {
    await eventually("the worker has it", () => shop.warehouse.calls.some(({ call }) => call.key === taskId));
    const task = await runNow(taskId, timeoutMs);
    answers.push(task.status);
    gate.resolve();
    return task;
  };
  expect(await shop.place(3)).toMatchObject({ outcome: "placed", order: { status: "confirmed" } });
  expect(answers[0]).toBe("PROCESSING");
  await expectAgreement(shop.test, shop.warehouse.onHand);
});

it("leaves what is more than it may wait for to the workers, at once", async () => {
  const waiting = 64;
  await using shop = await openShop({ units: 100, buyers: waiting + 3 });
  const gate = Promise.withResolvers<void>();
  shop.warehouse.gate = gate.promise;
  const answers: string[] = [];
  const placing = Array.from({ length: waiting + 3 }, async (_, buyer) => {
    const result = await shop.place(1, "k", buyer);
    if (result.outcome === "placed") answers.push(result.order.status);
  });
  await eventually("three were not waited for", () => answers.length === 3);
  expect(answers).toEqual(["pending", "pending", "pending"]);
  gate.resolve();
  await Promise.all(placing);
  expect(answers.filter((status) => status === "confirmed")).toHaveLength(waiting);
  await using _worker = await startTestWorker(shop.test, shop.warehouse);
  await allDone(shop.test);
  await expectAgreement(shop.test, shop.warehouse.onHand);
});

it("holds up no other order while it waits for the warehouse", async () => {
  await using shop = await openShop({ buyers: 12 });
  const gate = Promise.withResolvers<void>();
  shop.warehouse.gate = gate.promise;
  const placing = Array.from({ length: 12 }, (_, buyer) => shop.place(1, "k", buyer));
  await eventually("all of them wait for the warehouse", () => {
    return shop.warehouse.calls.filter(({ operation }) => operation === "dispatch").length === 12;
  });
  gate.resolve();
  for (const result of await Promise.all(placing)) expect(result).toMatchObject({ order: { status: "confirmed" } });
  await expectAgreement(shop.test, shop.warehouse.onHand);
});
