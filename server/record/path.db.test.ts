import { expect, it } from "vitest";
import type { KeyPath } from "../../shared/record.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { startTestWarehouse, WAREHOUSE_SECRET } from "../warehouse/service/warehouse.fixture.ts";

async function pathOf(app: TestApp, input: object, token: string): Promise<KeyPath> {
  const { status, text, body } = await app.query("record.path", input, token);
  expect(status, text).toBe(200);
  return body.result.data;
}

it('answers "I was charged twice": one charge of this key, and the other key that was charged too', async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { itemIds } = await makeSale(test.database, [
    { stock: 10, priceCents: 700, limitPerCustomer: 2 },
    { stock: 5 },
  ]);
  const [itemId, otherItem] = itemIds;
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const other = await signedInBuyer(test);
  const { token } = await signedInOperator(test);
  const buy = (key: string, item = itemId, by = buyer.token) =>
    app.mutate("purchases.buy", { itemId: item, idempotencyKey: key }, by);
  for (const key of ["first", "first", "second", "third"]) await buy(key);
  await buy("first", itemId, other.token);
  await buy("elsewhere", otherItem);

  const path = await pathOf(app, { userId: buyer.id, idempotencyKey: "first" }, token);
  expect(path).toMatchObject({
    user: { id: buyer.id, active: true },
    attempt: { outcome: "bought", position: 1, amountCents: 700 },
    order: null,
    charge: { amountCents: 700, balanceBeforeCents: 5_000, balanceAfterCents: 4_300 },
    refund: null,
    task: null,
    // It knows of none.
    warehouse: null,
  });
  expect(Math.abs(Date.parse(path.requestedAt ?? "") - Date.parse(path.attempt?.decidedAt ?? ""))).toBeLessThan(60_000);
  // Items that one product is behind belong together: here the factory's.
  expect(path.others.attempts.map(({ outcome, itemId: item }) => [outcome, item])).toEqual([
    ["bought", otherItem],
    ["LIMIT_REACHED", itemId],
    ["bought", itemId],
  ]);
  // What is shown for a key, and its purchase's id, mean the same.
  const { attempt } = path;
  const shown = { userId: buyer.id, idempotencyKey: attempt?.idempotencyKey };
  expect(await pathOf(app, shown, token)).toEqual(path);
  expect(await pathOf(app, { purchaseId: attempt?.attemptId }, token)).toEqual(path);

  const refused = await pathOf(app, { userId: buyer.id, idempotencyKey: "third" }, token);
  expect(refused).toMatchObject({
    attempt: { outcome: "LIMIT_REACHED", refusalMessage: expect.stringContaining("2") },
    charge: null,
    refund: null,
    task: null,
    warehouse: [],
  });
  expect(refused.others.attempts).toHaveLength(3);
});

it("follows an order to the warehouse's answer, and to its refund", async () => {
  await using test = await createTestDatabase();
  await using warehouse = await startTestWarehouse(test);
  await using app = await startTestApp(test, { WAREHOUSE_URL: warehouse.url, WAREHOUSE_SECRET, ROLES: "web,worker" });
  const [productId] = await makeProducts(test.database, [{ name: "Lamp", units: 9, priceCents: 300 }]);
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const { id: operatorId, token } = await signedInOperator(test);
  const order = (key: string) =>
    app.mutate("orders.place", { lines: [{ productId, quantity: 1 }], idempotencyKey: key }, buyer.token);
  const { orderId } = (await order("first")).body.result.data.order;
  await order("second");

  await expect
    .poll(async () => (await pathOf(app, { orderId }, token)).task?.status, { timeout: 30_000 })
    .toBe("COMPLETED");
  await app.mutate("orders.refund", { orderId, reason: "Twice", idempotencyKey: "r" }, token);
  const path = await pathOf(app, { userId: buyer.id, idempotencyKey: "first" }, token);
  expect(path).toMatchObject({
    attempt: null,
    order: { orderId, status: "refunded", lines: [{ productName: "Lamp", quantity: 1 }] },
    charge: { amountCents: 300, balanceBeforeCents: 5_000, balanceAfterCents: 4_700 },
    refund: { orderId, amountCents: 300, actorId: operatorId, reason: "Twice" },
    task: { taskId: `order-${orderId}`, status: "COMPLETED" },
    warehouse: [{ reference: `order-${orderId}`, productId, quantityChange: -1 }],
    changes: [{ action: "orders.refund" }, { action: "orders.place" }],
    others: { attempts: [], orders: [{ contents: "1 × Lamp", status: "confirmed" }] },
  });
  expect(path.task?.log.map(({ event }) => event)).toContain("completed");
  expect(await pathOf(app, { taskId: `order-${orderId}` }, token)).toEqual(path);
  expect((await reconcile(test.database)).ok).toBe(true);
});

it("says of a key under which money came in that it was no charge, and finds a purchase of a person by its id too", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10, priceCents: 700 }]);
  const [buyer, other] = [await signedInBuyer(test, { balanceCents: 5_000 }), await signedInBuyer(test)];
  const { token } = await signedInOperator(test);
  await app.mutate("purchases.buy", { itemId: itemIds[0], idempotencyKey: "p" }, buyer.token);
  await app.mutate("wallets.topUp", { amountCents: 3_300, idempotencyKey: "t" }, buyer.token);
  const credit = { userId: buyer.id, amountCents: 500, reason: "Sorry", idempotencyKey: "c" };
  await app.mutate("wallets.credit", credit, token);
  await app.mutate("sales.cancel", { saleId }, token);
  const told = async (userId: string, idempotencyKey: string) => {
    const { status, body } = await app.query("record.path", { userId, idempotencyKey }, token);
    return [status, body.error?.message];
  };
  const nothing = "Nothing was bought under it, so nothing was charged for it.";
  const on = String.raw`came in under this key on \d{4}-\d\d-\d\d, \d\d:\d\d UTC\.`;
  expect(await told(buyer.id, "t")).toEqual([404, expect.stringMatching(`^A top-up of €33.00 ${on} ${nothing}$`)]);
  expect(await told(buyer.id, "c")).toEqual([404, expect.stringMatching(`^A credit of €5.00 ${on} ${nothing}$`)]);
  for (const key of ["t", "p"])
    expect(await told(other.id, key)).toEqual([404, expect.stringContaining("Another person's key is theirs alone")]);

  const byKey = await pathOf(app, { userId: buyer.id, idempotencyKey: "p" }, token);
  expect(byKey.saleCancelledAt).toMatch(/Z$/);
  const { attemptId = "" } = byKey.attempt ?? {};
  expect(await pathOf(app, { userId: buyer.id, idempotencyKey: attemptId }, token)).toEqual(byKey);
  expect((await told(other.id, attemptId))[0]).toBe(404);
});

it("says that nothing was charged only of a key whose person is known", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { id: userId, token } = await signedInOperator(test);
  const { itemIds } = await makeSale(test.database, [{ stock: 1 }]);
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const key = crypto.randomUUID();
  expect((await app.mutate("purchases.buy", { itemId: itemIds[0], idempotencyKey: key }, buyer.token)).status).toBe(
    200,
  );

  for (const [input, words] of [
    [{ userId, idempotencyKey: "k" }, "nothing was charged for it"],
    [{ userId, idempotencyKey: key }, "nothing was charged for it"],
    // Of the buyer's charge, without the buyer.
    [{ purchaseId: key }, "If it is a key, choose its person"],
    [{ taskId: "SPACE-key-B" }, "If it is a key, choose its person"],
    [{ orderId: 9 }, "There is no order 9."],
    [{ taskId: "order-9" }, "No task has this id."],
  ] as const) {
    const { status, text } = await app.query("record.path", input, token);
    expect(status).toBe(404);
    expect(text).toContain(words);
    expect(text.includes("charged")).toBe("userId" in input);
  }
  for (const input of [{}, { userId }, { orderId: 1, taskId: "t" }])
    expect((await app.query("record.path", input, token)).status).toBe(400);
});
