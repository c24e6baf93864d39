import { expect, it } from "vitest";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeProducts } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";

async function placed(test: TestDatabase, app: TestApp, key = "k") {
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const [productId] = await makeProducts(test.database, [{ units: 5 }]);
  const input = { lines: [{ productId, quantity: 3 }], idempotencyKey: key };
  const answer = await app.mutate("orders.place", input, buyer.token);
  return { buyer, productId, orderId: answer.body.result.data.order.orderId as number };
}

it("gives an order back once, however many ask at once", async () => {
  await using test = await createTestDatabase();
  await using one = await startTestApp(test);
  await using two = await startTestApp(test);
  const { buyer, productId, orderId } = await placed(test, one);
  const operator = await signedInOperator(test);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? one : two).mutate(
        "orders.refund",
        { orderId, reason: "Broken", idempotencyKey: index < 10 ? "same" : `other-${index}` },
        operator.token,
      ),
    ),
  );
  const results = answers.map(({ body }) => body.result.data);
  const refunded = results.filter(({ outcome }) => outcome === "refunded");
  expect(refunded.filter(({ replayed }) => !replayed)).toHaveLength(1);
  for (const { order } of refunded) {
    expect(order).toEqual(refunded[0].order);
    expect(order).toMatchObject({ status: "refunded", errorMessage: "Broken", refundedAt: expect.any(String) });
    expect(order).toMatchObject({ inventoryUpdated: false, balanceCents: 5_000 });
  }
  const refused = results.filter(({ outcome }) => outcome === "refused");
  expect(refused.length).toBeGreaterThanOrEqual(9);
  for (const result of refused) expect(result.code).toBe("ALREADY_REFUNDED");

  expect((await one.query("wallets.mine", undefined, buyer.token)).body.result.data.balanceCents).toBe(5_000);
  const products = (await one.query("products.list", { productIds: [productId] })).body.result.data.items;
  expect(products[0].units).toBe(5);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("says that the units are still out where only the money went back, and what the wallet held right after that", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { buyer, productId, orderId } = await placed(test, app);
  const operator = await signedInOperator(test);
  await test.sql`update tasks set status = 'PROCESSING', worker = 'w', attempts = 1, version = 1 where kind = 'dispatch'`;
  await test.sql`insert into task_log (task, event, attempt, version) select id, 'claimed', 1, 1 from tasks where kind = 'dispatch'`;
  const given = { status: "refunded", inventoryUpdated: true, balanceCents: 5_000 };
  const refund = await app.mutate("orders.refund", { orderId, idempotencyKey: "r" }, operator.token);
  expect(refund.body.result.data.order).toMatchObject(given);
  const again = { lines: [{ productId, quantity: 1 }], idempotencyKey: "again" };
  await app.mutate("orders.place", again, buyer.token);
  const { items } = (await app.query("orders.mine", {}, buyer.token)).body.result.data;
  expect(items).toMatchObject([{ status: "pending", balanceCents: 4_000 }, given]);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("refuses in the documented order, and leaves what a key stood for", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const first = await placed(test, app, "a");
  const second = await placed(test, app, "b");
  const operator = await signedInOperator(test);
  const refund = async (orderId: number, idempotencyKey: string) =>
    (await app.mutate("orders.refund", { orderId, idempotencyKey }, operator.token)).body.result.data;

  expect(await refund(first.orderId, "r")).toMatchObject({ outcome: "refunded", replayed: false });
  expect(await refund(second.orderId, "r")).toMatchObject({ outcome: "refused", code: "KEY_REUSED" });
  expect(await refund(999_999, "r")).toMatchObject({ outcome: "refused", code: "KEY_REUSED" });
  expect(await refund(999_999, "s")).toMatchObject({ outcome: "refused", code: "ORDER_NOT_FOUND" });
  expect(await refund(first.orderId, "s")).toMatchObject({ outcome: "refused", code: "ALREADY_REFUNDED" });
  expect(await refund(first.orderId, "r")).toMatchObject({ outcome: "refunded", replayed: true });
  expect(await refund(second.orderId, "s")).toMatchObject({ outcome: "refunded", replayed: false });
  const otherReason = { orderId: first.orderId, reason: "Another", idempotencyKey: "r" };
  const other = (await app.mutate("orders.refund", otherReason, operator.token)).body.result.data;
  expect(other).toMatchObject({ outcome: "refused", code: "KEY_REUSED" });
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("leaves an order as it is when the wallet cannot hold what it would get back", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { buyer, orderId } = await placed(test, app);
  const operator = await signedInOperator(test);
  await test.sql`update wallets set balance_cents = 9007199254740991 where user_id = ${buyer.id}`;
  const answer = await app.mutate("orders.refund", { orderId, idempotencyKey: "r" }, operator.token);
  expect(answer).toMatchObject({ status: 400, body: { error: { data: { reason: "NOT_ALLOWED_NOW" } } } });
  const order = (await app.query("orders.byId", { orderId }, buyer.token)).body.result.data;
  expect(order).toMatchObject({ status: "pending", refundedAt: null });
});
