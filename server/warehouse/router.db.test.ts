import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { type Fulfilling, startFulfilling } from "../fulfilment/fulfilling.fixture.ts";
import { allDone, buyOne, placeOrderOf, startTestWorker } from "../fulfilment/workers.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { WAREHOUSE_SECRET } from "./service/warehouse.fixture.ts";

describe("warehouse.*", () => {
  it("shows what lies there beside what is still to be sold and to be sent", async () => {
    await using shop = await startFulfilling();
    await using app = await startApp(shop);
    const { token } = await signedInOperator(shop.test);
    const { productId } = await placeOrderOf(shop.test, { units: 10, quantity: 3 });
    // Only goods in for now: what is sold stays on hand.
    const receiving = await startTestWorker(shop.test, shop.client, ["receive"]);
    await eventually("the goods are in", async () => {
      const [waiting] = await shop.test.sql`select from tasks where kind = 'receive' and status <> 'COMPLETED'`;
      return !waiting;
    });
    await receiving[Symbol.asyncDispose]();
    const bought = await buyOne(shop.test, { stock: 20, quantity: 4 });

    const waiting = await app.query("warehouse.stock", {}, token);
    expect(waiting.body.result.data).toMatchObject({
      items: [{ productId, stockQuantity: 10, sellable: 7, awaitingDispatch: 3, name: "A product" }],
      nextCursor: null,
    });
    await shop.work();
    await allDone(shop.test);
    const done = await app.query("warehouse.stock", { limit: 1 }, token);
    expect(done.body.result.data.items).toMatchObject([{ stockQuantity: 7, sellable: 7, awaitingDispatch: 0 }]);
    const { nextCursor: cursor } = done.body.result.data;
    const next = await app.query("warehouse.stock", { limit: 1, cursor }, token);
    expect(next.body.result.data).toMatchObject({
      items: [{ productId: bought.productId, stockQuantity: 16, sellable: 16, awaitingDispatch: 0 }],
      nextCursor: null,
    });

    const updates = await app.query("warehouse.updates", { reference: bought.purchaseId }, token);
    expect(updates.body.result.data.items).toMatchObject([
      { productId: bought.productId, previousStock: 20, quantityChange: -4, newStock: 16 },
    ]);
    const breaker = await app.query("warehouse.breaker", undefined, token);
    expect(breaker.body.result.data).toMatchObject({
      state: "closed",
      instances: [{ instance: expect.stringContaining(`web-1@${hostname()}`) }],
    });
    const reconciled = await app.query("operations.reconcile", undefined, token);
    expect(reconciled.body.result.data).toMatchObject({ ok: true });
    expect(reconciled.body.result.data.checks.at(-1)).toMatchObject({
      name: "warehouse",
      detail: expect.stringContaining("2 checked"),
    });
  });

  it("says that the warehouse cannot be asked, and that a cursor is none", async () => {
    await using shop = await startFulfilling();
    await using app = await startApp(shop);
    const { token } = await signedInOperator(shop.test);
    expect(await app.query("warehouse.updates", { cursor: "x" }, token)).toMatchObject({
      status: 400,
      body: { error: { data: { reason: "INVALID_INPUT" } } },
    });
    await shop.service.close();
    for (const path of ["warehouse.stock", "warehouse.updates", "operations.chaosState"]) {
      const { status, body } = await app.query(path, undefined, token);
      expect({ path, status, message: body.error.message, data: body.error.data }).toMatchObject({
        path,
        status: 503,
        message: "The warehouse cannot be asked right now. Please try again in a moment.",
        data: { reason: "UNAVAILABLE", retryable: true },
      });
    }
    // Everything else goes on.
    expect((await app.query("warehouse.breaker", undefined, token)).status).toBe(200);
    expect((await app.query("operations.metrics", undefined, token)).status).toBe(200);
    expect((await app.query("operations.reconcile", undefined, token)).body.result.data).toMatchObject({ ok: true });
  });

  it("says so too where there is none", async () => {
    await using shop = await startFulfilling();
    await using app = await startTestApp(shop.test);
    const { token } = await signedInOperator(shop.test);
    const { status, body } = await app.query("warehouse.stock", undefined, token);
    expect({ status, message: body.error.message }).toMatchObject({
      status: 503,
      message: expect.stringContaining("no warehouse"),
    });
    expect((await app.query("operations.verdict", undefined, token)).body.result.data).toBeNull();
  });
});

function startApp({ test, service }: Fulfilling) {
  return startTestApp(test, { WAREHOUSE_URL: service.url, WAREHOUSE_SECRET });
}
