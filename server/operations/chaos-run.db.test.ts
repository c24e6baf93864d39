import { expect, it } from "vitest";
import { signedInBuyer, signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { isAllDone } from "../fulfilment/workers.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";

it("loses and doubles nothing when the warehouse's process dies between its commit and its answer, and more", async () => {
  await using test = await createTestDatabase();
  const { itemIds } = await makeSale(test.database, [{ stock: 100 }]);
  const [productId = 0] = await makeProducts(test.database, [{ units: 100 }]);
  // Web, worker and warehouse, each in a process as in production.
  await using app = await startTestApp(test, { ROLES: "web,worker,warehouse", WAREHOUSE_PORT: "0" });
  const { token } = await signedInOperator(test);
  const buyer = await signedInBuyer(test);
  await eventually("the goods are in", () => isAllDone(test));
  const chaos = async (input: object) => {
    const { status, body } = await eventually("the warehouse hears of it", async () => {
      const answer = await app.mutate("operations.chaos", input, token);
      return answer.status === 503 ? undefined : answer;
    });
    expect(status, body?.error?.message).toBe(200);
  };
  let bought = 0;
  const buyAndOrder = async () => {
    const key = crypto.randomUUID();
    const purchase = await app.mutate("purchases.buy", { itemId: itemIds[0], idempotencyKey: key }, buyer.token);
    expect(purchase.body.result.data.outcome).toBe("purchased");
    const lines = [{ productId, quantity: 1 }];
    const order = await app.mutate("orders.place", { lines, idempotencyKey: key }, buyer.token);
    expect(order.body.result.data.outcome).toBe("placed");
    bought++;
  };

  await chaos({ action: "start", fault: "crash" });
  await buyAndOrder();
  await eventually("the process has died and was started again", () => /ended and is started again/.test(app.logged()));
  await buyAndOrder();
  await chaos({ action: "start", fault: "errors", rate: 0.5 });
  await chaos({ action: "start", fault: "latency", latencyMs: 200 });
  for (let i = 0; i < 3; i++) await buyAndOrder();
  await chaos({ action: "start", fault: "refuse" });
  await buyAndOrder();
  await chaos({ action: "stop" });

  // An open breaker alone lasts 10 s.
  await eventually("everything is dispatched", () => isAllDone(test));
  const verdict = await eventually("the warehouse can be asked", async () => {
    const { body } = await app.query("operations.verdict", undefined, token);
    return body.result.data.counts && body.result.data;
  });
  expect(verdict).toMatchObject({
    faults: ["crash", "errors", "latency", "refuse"],
    counts: { tasks: 2 * bought, dispatched: 2 * bought, waiting: 0, lost: 0, doubled: 0, refused: 0, cancelled: 0 },
    agrees: true,
    isPartial: false,
  });
  expect(verdict.recoveredAfterMs).toBeGreaterThanOrEqual(0);
  const stock = await app.query("warehouse.stock", { limit: 100 }, token);
  const onHand = stock.body.result.data.items.map((item: { stockQuantity: number }) => item.stockQuantity);
  expect(onHand).toEqual([100 - bought, 100 - bought]);
  const reconciled = await app.query("operations.reconcile", undefined, token);
  expect(reconciled.body.result.data.checks.filter((check: { ok: boolean }) => !check.ok)).toEqual([]);
});
