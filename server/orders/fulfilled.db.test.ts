import { expect, it } from "vitest";
import { createDoorbusterClient } from "../../client/sdk/index.ts";
import { signedInBuyer, startTestApp } from "../app/app.fixture.ts";
import { allDone, expectAgreement, expectReconciled, startTestWorker } from "../fulfilment/workers.fixture.ts";
import { makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { createWarehouseClient } from "../warehouse/client/create-warehouse-client.ts";
import { startTestWarehouse, WAREHOUSE_SCHEMA, WAREHOUSE_SECRET } from "../warehouse/service/warehouse.fixture.ts";

/** The real shop, a worker and the real warehouse service, over HTTP. */
async function openAll() {
  const test = await createTestDatabase({ poolSize: 8 });
  const warehouse = await startTestWarehouse(test);
  const app = await startTestApp(test, { WAREHOUSE_URL: warehouse.url, WAREHOUSE_SECRET });
  const client = createWarehouseClient({ url: warehouse.url, secret: WAREHOUSE_SECRET });
  const worker = await startTestWorker(test, client);
  return {
    ...{ test, warehouse, app },
    /** What lies in the warehouse. */
    async onHand() {
      const rows = await test.sql`
        select product_id::int as id, stock_quantity::int as units from ${test.sql(WAREHOUSE_SCHEMA)}.products`;
      return new Map(rows.map(({ id, units }) => [id, units]));
    },
    async [Symbol.asyncDispose]() {
      await app.stop();
      await worker[Symbol.asyncDispose]();
      await client.close();
      await warehouse.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

it("answers 201, 400, 404 and 202 by what the warehouse says, and loses no order", async () => {
  await using all = await openAll();
  const { test, app, warehouse } = all;
  const { token, id } = await signedInBuyer(test, { balanceCents: 100_000 });
  const [lamp = 0, gone = 0, short = 0] = await makeProducts(test.database, [{ units: 9 }, { units: 9 }, { units: 9 }]);
  await allDone(test);
  const order = (productId: number, key: string = crypto.randomUUID()) =>
    app.send("/api/orders", { token, headers: { "idempotency-key": key }, body: { productId, quantity: 3 } });

  expect(await order(lamp, "first")).toMatchObject({ status: 201, body: { status: "confirmed", replayed: false } });
  expect(await order(lamp, "first")).toMatchObject({ status: 200, body: { status: "confirmed", replayed: true } });
  await test.sql`update ${test.sql(WAREHOUSE_SCHEMA)}.products set stock_quantity = 2 where product_id = ${short}`;
  const rejected = { outcome: "placed", status: "rejected", errorMessage: expect.stringContaining("too few") };
  expect(await order(short, "short")).toMatchObject({ status: 400, body: { ...rejected, errorCode: "SQLITE_BUSY" } });
  expect(await order(short, "short")).toMatchObject({ status: 200, body: { ...rejected, replayed: true } });
  await test.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`delete from ${sql(WAREHOUSE_SCHEMA)}.products where product_id = ${gone}`;
  });
  expect(await order(gone)).toMatchObject({ status: 404, body: { status: "rejected", errorCode: "SQLITE_NOTFOUND" } });

  await warehouse.close();
  const pending = await order(lamp);
  expect(pending).toMatchObject({ status: 202, body: { status: "pending" } });
  await using _again = await startTestWarehouse(test, { port: Number(new URL(warehouse.url).port) });
  await allDone(test);
  expect((await app.send(`/api/orders/${pending.body.orderId}`, { token })).body).toMatchObject({
    status: "confirmed",
  });
  const [wallet] = await test.sql`select balance_cents::int as cents from wallets where user_id = ${id}`;
  expect(wallet?.cents).toBe(100_000 - 2 * 3_000);
  expect((await all.onHand()).get(lamp)).toBe(3);
  await expectReconciled(test);
});

it("goes on selling while the warehouse is away, and sends everything out once when it is back", async () => {
  await using all = await openAll();
  const { test, app, warehouse } = all;
  const { token } = await signedInBuyer(test, { balanceCents: 1_000_000 });
  const [lamp = 0] = await makeProducts(test.database, [{ units: 50 }]);
  const { itemIds } = await makeSale(test.database, [{ stock: 50 }]);
  await allDone(test);
  await warehouse.close();
  const sold = [];
  for (let count = 0; count < 6; count++) {
    const idempotencyKey = crypto.randomUUID();
    sold.push(await app.mutate("purchases.buy", { itemId: itemIds[0], idempotencyKey }, token));
    if (count === 2) {
      const lines = [{ productId: lamp, quantity: 1 }];
      sold.push(await app.mutate("orders.place", { lines, idempotencyKey }, token));
    }
  }
  for (const { body } of sold) expect(body.result.data.outcome).toMatch(/^(purchased|placed)$/);
  const statuses = async () =>
    (await app.query("purchases.mine", {}, token)).body.result.data.items.map((one: { status: string }) => one.status);
  for (const status of await statuses()) expect(status).toMatch(/^(paid|dispatching)$/);
  await using _again = await startTestWarehouse(test, { port: Number(new URL(warehouse.url).port) });
  await allDone(test);
  expect(await statuses()).toEqual(Array(6).fill("dispatched"));
  const orders = (await app.query("orders.mine", {}, token)).body.result.data.items;
  expect(orders.map((order: { status: string }) => order.status)).toEqual(["confirmed"]);
  await expectAgreement(test, await all.onHand());
});

it("is traced from the page to the warehouse's log: SDK, shop, task, warehouse", async () => {
  await using all = await openAll();
  const { test, app, warehouse } = all;
  const { token } = await signedInBuyer(test, { balanceCents: 100_000 });
  const [lamp = 0] = await makeProducts(test.database, [{ units: 9 }]);
  const { itemIds } = await makeSale(test.database, [{ stock: 9 }]);
  await allDone(test);
  const shop = createDoorbusterClient({ url: app.url, token });
  const [orderKey, purchaseKey] = [crypto.randomUUID(), crypto.randomUUID()];
  const placed = await shop.orders.place({ lines: [{ productId: lamp, quantity: 1 }], idempotencyKey: orderKey });
  const bought = await shop.purchases.buy({ itemId: itemIds[0] ?? 0, idempotencyKey: purchaseKey });
  await allDone(test);
  const shopLines = app
    .logged()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(shopLines).toContainEqual(
    expect.objectContaining({
      ...{ traceId: traceOf(orderKey), requestId: expect.any(String) },
      ...{ method: "POST", path: "/trpc/orders.place", status: 200 },
    }),
  );
  const orderTask = placed.outcome === "placed" ? `order-${placed.order.orderId}` : "";
  const purchaseTask = bought.outcome === "purchased" ? bought.purchaseId : "";
  for (const [taskId, key] of [
    [orderTask, orderKey],
    [purchaseTask, purchaseKey],
  ]) {
    const [task] = await test.sql`select trace_id from tasks where task_id = ${taskId ?? ""}`;
    expect(task?.trace_id).toBe(traceOf(key ?? ""));
    expect(warehouse.logged().some(({ traceId }) => traceId === traceOf(key ?? ""))).toBe(true);
  }
});

it.each(["abc-1", "01a1fde5-4f9f-7000-8000-00000000abcd"])(
  "takes a caller's own trace to the warehouse, whatever the key, and keeps the first: %s",
  async (key) => {
    await using all = await openAll();
    const { test, app, warehouse } = all;
    const { token } = await signedInBuyer(test, { balanceCents: 100_000 });
    const [lamp = 0] = await makeProducts(test.database, [{ units: 9 }]);
    await allDone(test);
    const line = { productId: lamp, quantity: 1 };
    const ways = [
      { path: "/api/orders", key, body: line },
      { path: "/trpc/orders.place", key: `${key}-2`, body: { lines: [line], idempotencyKey: `${key}-2` } },
    ];
    for (const [index, { path, key, body }] of ways.entries()) {
      for (const trace of [TRACES[index], "f".repeat(32)]) {
        const headers = { "idempotency-key": key, traceparent: `00-${trace}-b7ad6b7169203331-01` };
        expect((await app.send(path, { token, headers, body })).text).toContain('"confirmed"');
      }
    }
    const tasks = await test.sql`select trace_id as trace from tasks where kind = 'dispatch' order by id`;
    expect(tasks.map(({ trace }) => trace)).toEqual(TRACES);
    const history = await test.sql`
      select trace_id as trace from ${test.sql(WAREHOUSE_SCHEMA)}.inventory_updates where quantity_change < 0 order by id`;
    expect(history.map(({ trace }) => trace)).toEqual(TRACES);
    for (const trace of TRACES) expect(warehouse.logged().some(({ traceId }) => traceId === trace)).toBe(true);
  },
);

const TRACES = ["4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c"];

function traceOf(key: string): string {
  return key.replaceAll("-", "");
}
