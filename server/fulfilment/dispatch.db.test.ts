import { expect, it } from "vitest";
import { channelName, listen } from "../database/listen.ts";
import { refundOrder } from "../orders/refund.ts";
import { refund } from "../purchases/refund.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { readStates } from "../sales/live/read-states.ts";
import { eventually } from "../testing/eventually.ts";
import { makeOperator } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { FakeWarehouse } from "./fake-warehouse.fixture.ts";
import {
  allDone,
  balanceOf,
  buyOne,
  expectAgreement,
  expectReconciled,
  placeOrderOf,
  startTestWorker,
  taskOf,
  tasksFor,
} from "./workers.fixture.ts";

it("sends out what was sold, once, after its goods have come in", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const order = await placeOrderOf(test);
  const bought = await buyOne(test);
  await using _one = await startTestWorker(test, warehouse);
  await using _two = await startTestWorker(test, warehouse);
  await allDone(test);
  expect(warehouse.onHand).toEqual(
    new Map([
      [order.productId, 7],
      [bought.productId, 7],
    ]),
  );
  for (const taskId of [order.taskId, bought.purchaseId]) {
    const { result, trace_id: traceId } = await taskOf(test, taskId);
    expect(result).toMatchObject({ outcome: "done", reference: taskId });
    const sent = warehouse.calls.filter(({ body }) => body.reference === taskId);
    expect(sent).toMatchObject([{ operation: "dispatch", call: { key: taskId, traceId } }]);
  }
  expect(await statusOf(test, order.orderId)).toBe("confirmed");
  await expectAgreement(test, warehouse.onHand);
});

it("waits for the goods rather than send a dispatch too early, which costs no attempt", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const { taskId, productId } = await placeOrderOf(test);
  await using _dispatching = await startTestWorker(test, warehouse, ["dispatch"]);
  await eventually("it was put off", () => hasEvent(test, taskId, "postponed"));
  expect(warehouse.calls).toEqual([]);
  await using _receiving = await startTestWorker(test, warehouse, ["receive"]);
  await allDone(test);
  expect(await taskOf(test, taskId)).toMatchObject({ status: "COMPLETED", attempts: 1, result: { outcome: "done" } });
  expect(warehouse.onHand.get(productId)).toBe(7);
  await expectAgreement(test, warehouse.onHand);
});

it("takes units from the warehouse once, whether the answer is lost or the worker dies before it is stored", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const lost = await placeOrderOf(test);
  const died = await buyOne(test);
  {
    await using _worker = await startTestWorker(test, warehouse, ["receive"]);
    await eventually("the goods are in", async () => warehouse.onHand.size === 2);
  }
  // The worker that had it did all but store that it did.
  const { reference, lines } = await deriveAndHold(test, died.purchaseId);
  await warehouse.dispatch({ reference, lines }, { key: died.purchaseId });
  expect(warehouse.onHand.get(died.productId)).toBe(7);

  warehouse.isDown = "after";
  await using _worker = await startTestWorker(test, warehouse);
  await eventually("an answer was lost", () => hasEvent(test, lost.taskId, "failed"));
  expect(warehouse.onHand.get(lost.productId)).toBe(7);
  expect(await statusOf(test, lost.orderId)).toBe("pending");
  warehouse.isDown = false;
  await test.sql`update tasks set due_at = clock_timestamp() where status in ('PROCESSING', 'FAILED')`;
  await allDone(test);
  expect(await taskOf(test, lost.taskId)).toMatchObject({ result: { outcome: "done", replayed: true } });
  expect(await taskOf(test, died.purchaseId)).toMatchObject({ result: { outcome: "done", replayed: true } });
  expect(await hasEvent(test, died.purchaseId, "recovered")).toBe(true);
  expect(await statusOf(test, lost.orderId)).toBe("confirmed");
  await expectAgreement(test, warehouse.onHand);
});

it.each([
  ["too few units", (warehouse: FakeWarehouse, productId: number) => warehouse.onHand.set(productId, 2), "too few"],
  ["no such product", (warehouse: FakeWarehouse, productId: number) => warehouse.onHand.delete(productId), "not have"],
] as const)(
  "gives an order back once, units and money, when the warehouse has %s, over two workers",
  async (_, damage, says) => {
    await using test = await createTestDatabase();
    const warehouse = new FakeWarehouse();
    const { taskId, orderId, productId, customerId } = await placeOrderOf(test);
    {
      await using _worker = await startTestWorker(test, warehouse, ["receive"]);
      await eventually("the goods are in", () => warehouse.onHand.get(productId) === 10);
    }
    damage(warehouse, productId);
    await using _one = await startTestWorker(test, warehouse);
    await using _two = await startTestWorker(test, warehouse);
    await allDone(test);
    expect(await taskOf(test, taskId)).toMatchObject({ status: "COMPLETED", result: { outcome: "refused" } });
    expect(await test.sql`select status, error_message from orders`).toEqual([
      { status: "rejected", error_message: expect.stringContaining(says) },
    ]);
    expect(await test.sql`select actor_id, units_returned from order_refunds where order_id = ${orderId}`).toEqual([
      { actor_id: null, units_returned: true },
    ]);
    // By the system, and so no refund of an operator's.
    const audited = test.sql`select actor_kind, actor_id, action from audit_log where subject = ${`order:${orderId}`} order by id`;
    expect(await audited).toMatchObject([
      { actor_kind: "person", action: "orders.place" },
      { actor_kind: "system", actor_id: null, action: "orders.reject" },
    ]);
    expect(await balanceOf(test, customerId)).toBe(100_000);
    expect(await test.sql`select units from inventory`).toEqual([{ units: 10 }]);
    await expectReconciled(test);
  },
);

it("puts the units of a refused purchase on sale again, tells who watches, and gives the money back", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const { purchaseId, itemId, saleId, productId, userId } = await buyOne(test);
  await receiveAll(test, warehouse, productId);
  warehouse.onHand.set(productId, 0);
  const heard: string[] = [];
  const listener = listen(
    test.url,
    [channelName(test.schema, "sales")],
    (_channel, text) => heard.push(text),
    () => {},
  );
  await listener.ready;
  try {
    await using _worker = await startTestWorker(test, warehouse);
    await allDone(test);
    expect(await itemOf(test, itemId)).toEqual({ allotted: 10, remaining: 10, inventory: 0 });
    await eventually("the change was announced", () => heard.some((text) => text.split(" ").includes(String(saleId))));
  } finally {
    await listener.close();
  }
  expect((await readStates(test.database, [saleId]))[0]?.items[0]?.version).toBe(2);
  expect(await balanceOf(test, userId)).toBe(100_000);
  const audited = await test.sql`
    select actor_kind, actor_id, action, details from audit_log where subject = ${`purchase:${purchaseId}`}`;
  expect(audited).toMatchObject([
    {
      actor_kind: "system",
      actor_id: null,
      action: "purchases.reject",
      details: { unitsTo: "item", reason: expect.stringContaining("too few") },
    },
  ]);
  await expectReconciled(test);
});

it("puts the units of a refused purchase into the inventory when the sale is over", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const { itemId, saleId, productId } = await buyOne(test);
  await receiveAll(test, warehouse, productId);
  warehouse.onHand.set(productId, 0);
  await test.sql`update sales set ends_at = clock_timestamp() where id = ${saleId}`;
  await using _worker = await startTestWorker(test, warehouse);
  await allDone(test);
  expect(await itemOf(test, itemId)).toEqual({ allotted: 7, remaining: 7, inventory: 3 });
  await expectReconciled(test);
});

it("brings units back that the warehouse refuses after only their money went back, and no others", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const order = await placeOrderOf(test);
  const bought = await buyOne(test);
  await receiveAll(test, warehouse, order.productId, bought.productId);
  const operator = await makeOperator(test.database);
  const gate = Promise.withResolvers<void>();
  warehouse.gate = gate.promise;
  await using _worker = await startTestWorker(test, warehouse);
  await eventually("both are on their way", () => warehouse.calls.filter(isDispatch).length === 2);
  expect(await refundPurchase(test, operator, bought.purchaseId)).toMatchObject({ unitsReturned: false, remaining: 7 });
  const { orderId } = order;
  await refundOrder(test.database, operator, { orderId, reason: "Too slow", idempotencyKey: "r" });
  for (const productId of [order.productId, bought.productId]) warehouse.onHand.set(productId, 1);
  gate.resolve();
  await allDone(test);
  for (const { productId, userId } of [bought, { ...order, userId: order.customerId }]) {
    const [inventory] = await test.sql`select units from inventory where product_id = ${productId}`;
    expect(inventory?.units).toBe(productId === order.productId ? 10 : 3);
    expect(await balanceOf(test, userId)).toBe(100_000);
    expect(await test.sql`select units from receipts where product_id = ${productId} and on_hand_already`).toEqual([
      { units: 3 },
    ]);
  }
  expect(await statusOf(test, orderId)).toBe("refunded");
  expect(await test.sql`select inventory_updated from orders`).toEqual([{ inventory_updated: false }]);
  await expectReconciled(test);
});

it("leaves an order refunded that the warehouse sends out all the same", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const { orderId, productId, customerId } = await placeOrderOf(test);
  await receiveAll(test, warehouse, productId);
  const gate = Promise.withResolvers<void>();
  warehouse.gate = gate.promise;
  await using _worker = await startTestWorker(test, warehouse);
  await eventually("it is on its way", () => warehouse.calls.some(isDispatch));
  const operator = await makeOperator(test.database);
  await refundOrder(test.database, operator, { orderId, reason: "Too slow", idempotencyKey: "r" });
  gate.resolve();
  await allDone(test);
  expect(await statusOf(test, orderId)).toBe("refunded");
  expect(await balanceOf(test, customerId)).toBe(100_000);
  expect(warehouse.onHand.get(productId)).toBe(7);
  await expectAgreement(test, warehouse.onHand);
});

it("claims nothing while the breaker is open, and goes on with all attempts when it closes", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const { taskId, productId } = await placeOrderOf(test);
  await receiveAll(test, warehouse, productId);
  Object.assign(warehouse.breaker, { state: "open", opensInMs: 100 });
  const tasks = tasksFor(test, warehouse);
  expect(await tasks.runNow(taskId, 1_000)).toMatchObject({ status: "PENDING", attempts: 0 });
  await tasks.close();
  // A process that does not know yet, whose call meets an open breaker.
  warehouse.breaker.opensInMs = 0;
  await using _worker = await startTestWorker(test, warehouse);
  await eventually("it was put off", () => hasEvent(test, taskId, "postponed"));
  expect(warehouse.calls.filter(isDispatch)).toEqual([]);
  Object.assign(warehouse.breaker, { state: "closed" });
  await allDone(test);
  expect(await taskOf(test, taskId)).toMatchObject({ status: "COMPLETED", attempts: 1 });
  await expectAgreement(test, warehouse.onHand);
});

it("leaves a task that makes no sense to an operator, and sends its neighbours", async () => {
  await using test = await createTestDatabase();
  const warehouse = new FakeWarehouse();
  const poisoned = await placeOrderOf(test);
  const neighbour = await placeOrderOf(test);
  await test.sql`update tasks set payload = '{"lines": [{"quantity": -1}]}' where task_id = ${poisoned.taskId}`;
  await using _worker = await startTestWorker(test, warehouse);
  await eventually("the neighbour is sent", async () => (await taskOf(test, neighbour.taskId)).status === "COMPLETED");
  const failed = await eventually("the other has failed", async () => {
    const task = await taskOf(test, poisoned.taskId);
    return task.status === "FAILED" && task;
  });
  expect(failed).toMatchObject({ attempts: 1, error_message: expect.stringContaining("lines.0.productId") });
  const [row] = await test.sql`select due_at from tasks where task_id = ${poisoned.taskId}`;
  expect(row?.due_at).toBeNull();
});

function isDispatch({ operation }: { operation: string }): boolean {
  return operation === "dispatch";
}

async function receiveAll(test: TestDatabase, warehouse: FakeWarehouse, ...productIds: number[]): Promise<void> {
  await using _worker = await startTestWorker(test, warehouse, ["receive"]);
  await eventually("the goods are in", async () => {
    const [open] = await test.sql`select from tasks where kind = 'receive' and status <> 'COMPLETED'`;
    return !open && productIds.every((productId) => warehouse.onHand.has(productId));
  });
}

/** Leaves the purchase's task with a worker that is never heard of again, and answers what it was to send. */
async function deriveAndHold(test: TestDatabase, taskId: string) {
  await eventually(
    "the task is there",
    async () => (await test.sql`select from tasks where task_id = ${taskId}`).length,
  );
  const [held] = await test.sql`
    with held as (
      update tasks
      set status = 'PROCESSING', worker = 'dead', attempts = 1, version = 1, due_at = clock_timestamp() + interval '1 hour'
      where task_id = ${taskId}
      returning id, payload
    ), logged as (
      insert into task_log (task, event, attempt, version, worker) select id, 'claimed', 1, 1, 'dead' from held
    )
    select payload from held`;
  return held?.payload;
}

async function hasEvent(test: TestDatabase, taskId: string, event: string): Promise<boolean> {
  const rows = await test.sql`
    select from task_log join tasks on tasks.id = task where task_id = ${taskId} and event = ${event}`;
  return rows.length > 0;
}

async function statusOf(test: TestDatabase, orderId: number): Promise<string> {
  const [order] = await test.sql`select status from orders where id = ${orderId}`;
  return order?.status;
}

async function itemOf(test: TestDatabase, itemId: number) {
  const [item] = await test.sql`
    select allotted, remaining, inventory.units as inventory
    from items join inventory using (product_id, warehouse_id)
    where items.id = ${itemId}`;
  return item;
}

function refundPurchase(test: TestDatabase, operator: string, purchaseId: string) {
  const services = { database: test.database, liveSales: recordingLiveSales() };
  return refund(services, operator, { purchaseId, idempotencyKey: crypto.randomUUID() });
}
