import { describe, expect, it } from "vitest";
import { startFulfilling } from "../fulfilment/fulfilling.fixture.ts";
import { allDone, buyOne, placeOrderOf } from "../fulfilment/workers.fixture.ts";
import { makeBuyer, makeProducts } from "../testing/factories.ts";
import { checkWarehouse, warehouseAgrees } from "./warehouse-agrees.ts";

const AGREED = { moving: 0, isPartial: false, violations: [] };

describe("what lies in the warehouse", () => {
  it("is what the shop believes, before anything is sent and after everything is", async () => {
    await using shop = await startFulfilling();
    const { test, client } = shop;
    await placeOrderOf(test);
    const bought = await buyOne(test);
    // Nothing has come in and nothing has gone out: all of it waits for tasks, one of them not made yet.
    expect(await warehouseAgrees(test.database, client)).toEqual({ ...AGREED, compared: 2 });
    await shop.work();
    await allDone(test);
    expect(await shop.service.stockOf(bought.productId)).toBe(7);
    expect(await warehouseAgrees(test.database, client)).toEqual({ ...AGREED, compared: 2 });
  });

  it("is compared product by product, and each that differs is named with its numbers", async () => {
    await using shop = await startFulfilling();
    const { test, client } = shop;
    const { productId } = await placeOrderOf(test);
    const bought = await buyOne(test);
    await shop.work();
    await allDone(test);
    await test.sql`update warehouse.products set stock_quantity = stock_quantity + 1 where product_id = ${productId}`;
    const { violations } = await warehouseAgrees(test.database, client);
    expect(violations).toEqual([`product ${productId}: 8 on hand, expected 7`]);
    expect(await checkWarehouse(shop.services)).toMatchObject({
      name: "warehouse",
      ok: false,
      detail: expect.stringContaining(`product ${productId}: 8 on hand, expected 7`),
    });
    await test.sql`update warehouse.products set stock_quantity = stock_quantity - 1 where product_id = ${productId}`;
    await test.sql`update inventory set units = units + 2 where product_id = ${bought.productId}`;
    expect(await warehouseAgrees(test.database, client)).toMatchObject({
      violations: [`product ${bought.productId}: 7 on hand, expected 9`],
    });
  });

  it("may or may not have changed by what a task is about that has begun, and by no more", async () => {
    await using shop = await startFulfilling();
    const { test, client } = shop;
    const { productId, taskId } = await placeOrderOf(test);
    await shop.work();
    await allDone(test);
    // As if its answer had been lost.
    await test.sql`alter table tasks disable trigger user`;
    await test.sql`
      update tasks set status = 'FAILED', due_at = 'infinity' where task_id = ${taskId}`;
    const setStock = (units: number) =>
      test.sql`update warehouse.products set stock_quantity = ${units} where product_id = ${productId}`;
    for (const units of [7, 10]) {
      await setStock(units);
      expect(await warehouseAgrees(test.database, client)).toMatchObject({ violations: [] });
    }
    for (const units of [6, 11]) {
      await setStock(units);
      expect(await warehouseAgrees(test.database, client)).toMatchObject({
        violations: [`product ${productId}: ${units} on hand, expected 7 to 10`],
      });
    }
  });

  it("may or may not hold what a receipt has begun to bring in", async () => {
    await using shop = await startFulfilling();
    const { test, client } = shop;
    const [productId = 0] = await makeProducts(test.database, [{ units: 5 }]);
    const receive = (units: number) => shop.service.receive(`r${units}`, [[productId, units]]);
    await test.sql`alter table tasks disable trigger user`;
    await test.sql`update tasks set attempts = 1, status = 'FAILED', due_at = 'infinity' where kind = 'receive'`;
    expect(await warehouseAgrees(test.database, client)).toMatchObject({ compared: 1, violations: [] });
    await receive(5);
    expect(await warehouseAgrees(test.database, client)).toMatchObject({ compared: 1, violations: [] });
    await receive(1);
    expect(await warehouseAgrees(test.database, client)).toMatchObject({
      violations: [`product ${productId}: 6 on hand, expected 0 to 5`],
    });
  });

  it("misses what the warehouse was never told of", async () => {
    await using shop = await startFulfilling();
    const { test, client } = shop;
    const [productId] = await makeProducts(test.database, [{ units: 5 }]);
    await test.sql`alter table tasks disable trigger user`;
    await test.sql`update tasks set status = 'COMPLETED', due_at = null where kind = 'receive'`;
    expect(await warehouseAgrees(test.database, client)).toMatchObject({
      compared: 1,
      violations: [`product ${productId}: 0 on hand, expected 5`],
    });
  });

  it("is compared page by page, each product once", async () => {
    await using shop = await startFulfilling();
    const { test, client } = shop;
    await makeProducts(test.database, Array(1_030).fill({ units: 1 }));
    expect(await warehouseAgrees(test.database, client)).toEqual({ ...AGREED, compared: 1_030 });
    await shop.work();
    await allDone(test);
    expect(await warehouseAgrees(test.database, client)).toEqual({ ...AGREED, compared: 1_030 });
    await test.sql`update warehouse.products set stock_quantity = 0 where product_id % 500 = 1`;
    const { violations, compared } = await warehouseAgrees(test.database, client);
    expect([violations.length, compared]).toEqual([3, 1_030]);
  });

  it("is told of the products that there was time for", async () => {
    await using shop = await startFulfilling();
    const { test, client } = shop;
    await makeProducts(test.database, Array(1_001).fill({ units: 1 }));
    await shop.work();
    await allDone(test);
    const time = new AbortController();
    const slow = {
      async stock(...asked: Parameters<typeof client.stock>) {
        if (asked[0]?.cursor) time.abort(new DOMException("", "TimeoutError"));
        return client.stock(...asked);
      },
    };
    expect(await warehouseAgrees(test.database, slow, time.signal)).toEqual({
      ...AGREED,
      compared: 1_000,
      isPartial: true,
    });
    await expect(warehouseAgrees(test.database, slow, time.signal)).rejects.toThrow();
  });

  it("is not judged while it changes whenever it is looked at", async () => {
    await using shop = await startFulfilling();
    const { test, client } = shop;
    const { productId } = await placeOrderOf(test);
    await shop.work();
    await allDone(test);
    // By a unit each time; or out and in again, so that only the time of the change tells.
    for (const units of [1, 0]) {
      const moving = {
        async stock(...asked: Parameters<typeof client.stock>) {
          await test.sql`
            update warehouse.products
            set stock_quantity = stock_quantity + ${units}, updated_at = updated_at + interval '1 second'
            where product_id = ${productId}`;
          return client.stock(...asked);
        },
      };
      expect(await warehouseAgrees(test.database, moving)).toEqual({ ...AGREED, compared: 0, moving: 1 });
    }
  });

  it("is never said to differ while a crowd orders and workers send", async () => {
    await using shop = await startFulfilling();
    const { test, client } = shop;
    const customerId = await makeBuyer(test.database, { balanceCents: 100_000_000 });
    const productIds = await makeProducts(test.database, Array(5).fill({ units: 1_000, priceCents: 100 }));
    await shop.work();
    await shop.work();
    let isOver = false;
    const ordering = (async () => {
      for (let i = 0; i < 150; i++) {
        const productId = productIds[i % 5] as number;
        await test.sql`select process_order(${customerId}, ${productId}, 1, ${`r${i}`})`;
      }
      await allDone(test);
      isOver = true;
    })();
    let compared = 0;
    while (!isOver) {
      const found = await warehouseAgrees(test.database, client);
      expect(found.violations).toEqual([]);
      compared += found.compared;
    }
    await ordering;
    expect(compared).toBeGreaterThan(0);
    expect(await warehouseAgrees(test.database, client)).toEqual({ ...AGREED, compared: 5 });
  });

  it("is not compared where there is no warehouse, or none that answers, which breaks nothing", async () => {
    await using shop = await startFulfilling();
    const { database } = shop.test;
    expect(await checkWarehouse({ database, warehouse: undefined })).toMatchObject({
      ok: true,
      detail: expect.stringContaining("Not compared"),
    });
    await shop.service.close();
    expect(await checkWarehouse(shop.services)).toMatchObject({
      ok: true,
      detail: expect.stringContaining("Not compared"),
    });
  });
});
