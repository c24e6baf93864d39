import { expect, it } from "vitest";
import type { OrderRecord } from "../../shared/orders.ts";
import type { PurchaseRecord } from "../../shared/purchases.ts";
import type { Movement } from "../../shared/wallets.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { listOrders } from "../orders/list.ts";
import { makeBuyers, makeProducts, makeSale } from "../testing/factories.ts";
import { planOf } from "../testing/plan-of.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { movements } from "../wallets/movements.ts";
import { listPurchases } from "./list.ts";

async function allPages<Row>(app: TestApp, path: string, input: object, token: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const answer = await app.query(path, { ...input, cursor, limit: 2 }, token);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.result.data.items.length).toBeLessThanOrEqual(2);
    rows.push(...answer.body.result.data.items);
    cursor = answer.body.result.data.nextCursor;
  } while (cursor !== null);
  return rows;
}

it('answers "I was charged twice": which intents there were, what each took, and what came back', async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { itemIds } = await makeSale(test.database, [{ stock: 10, priceCents: 700 }, { stock: 10 }]);
  const [itemId] = itemIds;
  const [productId] = await makeProducts(test.database, [{ units: 5, priceCents: 300 }]);
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const other = await signedInBuyer(test);
  const operator = await signedInOperator(test);
  const buy = (key: string, token: string) => app.mutate("purchases.buy", { itemId, idempotencyKey: key }, token);
  const [firstKey, secondKey] = [crypto.randomUUID(), crypto.randomUUID()];
  for (const key of [firstKey, firstKey, secondKey]) await buy(key, buyer.token);
  await buy(firstKey, other.token);
  const basket = { lines: [{ productId, quantity: 1 }], idempotencyKey: "basket" };
  await app.mutate("orders.place", basket, buyer.token);

  const { items: found } = (await app.query("users.list", { search: buyer.id }, operator.token)).body.result.data;
  expect(found.map(({ id }: { id: string }) => id)).toEqual([buyer.id]);
  const ofBuyer = { userId: buyer.id };
  const purchases = await allPages<PurchaseRecord>(app, "purchases.list", ofBuyer, operator.token);
  expect(purchases.map(({ idempotencyKey }) => idempotencyKey)).toEqual([secondKey, firstKey]);
  const [second, first] = purchases;
  const byPurchase = await app.query("users.list", { search: second?.purchaseId }, operator.token);
  expect(byPurchase.body.result.data.items).toEqual(found);

  const refund = { purchaseId: second?.purchaseId, reason: "Charged twice", idempotencyKey: "r" };
  await app.mutate("purchases.refund", refund, operator.token);
  const byKey = await allPages<PurchaseRecord>(
    app,
    "purchases.list",
    { ...ofBuyer, idempotencyKey: secondKey },
    operator.token,
  );
  expect(byKey).toMatchObject([
    { purchaseId: second?.purchaseId, status: "refunded", refundedBecause: "Charged twice", refundedBy: operator.id },
  ]);
  const chosen = await app.mutate("purchases.buy", { itemId, idempotencyKey: "chosen" }, other.token);
  const ofOther = { userId: other.id };
  const [kept] = await allPages<PurchaseRecord>(app, "purchases.list", ofOther, operator.token);
  // As it was sent, and as it is shown.
  for (const idempotencyKey of ["chosen", kept?.idempotencyKey]) {
    const asked = await allPages<PurchaseRecord>(app, "purchases.list", { ...ofOther, idempotencyKey }, operator.token);
    expect(asked.map(({ purchaseId }) => purchaseId)).toEqual([chosen.body.result.data.purchaseId]);
  }
  const orders = await allPages<OrderRecord>(app, "orders.list", ofBuyer, operator.token);
  expect(orders).toMatchObject([{ customerId: buyer.id, idempotencyKey: "basket", amountCents: 300 }]);
  expect(await allPages(app, "orders.list", { ...ofBuyer, idempotencyKey: "other" }, operator.token)).toEqual([]);

  const statement = await allPages<Movement>(app, "wallets.statement", ofBuyer, operator.token);
  expect(statement.map(({ kind, amountCents, balanceCents }) => [kind, amountCents, balanceCents])).toEqual([
    ["refund", 700, 4_000],
    ["order", -300, 3_300],
    ["purchase", -700, 3_600],
    ["purchase", -700, 4_300],
    ["opening", 5_000, 5_000],
  ]);
  expect(statement[3]?.id).toBe(first?.purchaseId);
  expect(await allPages(app, "wallets.movements", {}, buyer.token)).toEqual(statement);

  // What the buyer sees of their own is the same, without what is the shop's.
  const own = await allPages<object>(app, "purchases.mine", {}, buyer.token);
  expect(own).toEqual(
    [byKey[0], first].map((record) => {
      const { userId, idempotencyKey, refundedBy, ...purchase } = record ?? ({} as PurchaseRecord);
      return purchase;
    }),
  );
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("shows who bought an item, each purchase once, and looks for nothing that no index would find", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { itemIds } = await makeSale(test.database, [{ stock: 10 }, { stock: 10 }]);
  const [itemId, otherId] = itemIds;
  const operator = await signedInOperator(test);
  const buyers = [await signedInBuyer(test), await signedInBuyer(test)];
  for (let index = 0; index < 5; index++) {
    const input = { itemId, idempotencyKey: `k${index}` };
    await app.mutate("purchases.buy", input, buyers[index % 2]?.token);
  }
  await app.mutate("purchases.buy", { itemId: otherId, idempotencyKey: "o" }, buyers[0]?.token);
  await app.mutate("purchases.buy", { itemId, quantity: 100, idempotencyKey: "refused" }, buyers[0]?.token);

  const ofItem = await allPages<PurchaseRecord>(app, "purchases.list", { itemId }, operator.token);
  expect(ofItem.map(({ position }) => position)).toEqual([5, 4, 3, 2, 1]);
  // A key that is no UUID is found by what was sent.
  const byText = { userId: buyers[0]?.id, idempotencyKey: "k2" };
  expect(await allPages(app, "purchases.list", byText, operator.token)).toMatchObject([{ position: 3 }]);
  expect(await allPages(app, "purchases.list", { ...byText, idempotencyKey: "k1" }, operator.token)).toEqual([]);
  const ofBoth = await allPages<PurchaseRecord>(
    app,
    "purchases.list",
    { itemId, userId: buyers[0]?.id },
    operator.token,
  );
  expect(ofBoth.map(({ position }) => position)).toEqual([5, 3, 1]);

  for (const input of [{}, { idempotencyKey: "k1" }, { itemId, idempotencyKey: "k1" }]) {
    expect((await app.query("purchases.list", input, operator.token)).status).toBe(400);
  }
  expect((await app.query("orders.list", { idempotencyKey: "k1" }, operator.token)).status).toBe(400);
  expect((await app.query("wallets.statement", {}, operator.token)).status).toBe(400);
  const { nextCursor } = (await app.query("purchases.list", { itemId, limit: 1 }, operator.token)).body.result.data;
  const foreign = { userId: buyers[0]?.id, cursor: nextCursor };
  expect((await app.query("purchases.list", foreign, operator.token)).status).toBe(400);
});

it("goes through indexes, however many others have bought and were refused", async () => {
  await using test = await createTestDatabase();
  const { itemIds } = await makeSale(test.database, [{ stock: 1 }]);
  const [itemId = 0] = itemIds;
  const [userId = "", ...others] = await makeBuyers(test.database, 1_000, { balanceCents: 1 });
  await test.sql`
    insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, refusal_code,
      refusal_message, amount_cents, balance_after_cents, remaining_after, position, decided_at)
    select gen_random_uuid(), (${[userId, ...others]}::uuid[])[number % 1000 + 1], ${itemId}, 1, gen_random_uuid(),
      case when number % 4 = 0 then 'OUT_OF_STOCK' end, case when number % 4 = 0 then 'Sold out' end,
      case when number % 4 > 0 then 1 end, case when number % 4 > 0 then 1 end, case when number % 4 > 0 then 1 end,
      case when number % 4 > 0 then number end, now()
    from generate_series(1, 40000) as number`;
  await test.sql`
    insert into orders (customer_id, warehouse_id, request_id, fingerprint, amount_cents, balance_after_cents, paid_at)
    select (${[userId, ...others]}::uuid[])[number % 1000 + 1], 1, 'k' || number, 'f', 1, 1, now()
    from generate_series(1, 20000) as number`;
  await test.sql`analyze`;

  const page = { limit: 20 };
  const plans = {
    "a buyer's": await planOf(test, "purchase_attempts", () => listPurchases(test.database, { userId, ...page })),
    "an item's": await planOf(test, "purchase_attempts", () => listPurchases(test.database, { itemId, ...page })),
    "a key's": await planOf(test, "purchase_attempts", () =>
      listPurchases(test.database, { userId, idempotencyKey: "k", ...page }),
    ),
    "a number's": await planOf(test, "purchase_attempts", () =>
      listPurchases(test.database, { purchaseId: userId, ...page }),
    ),
    "a customer's": await planOf(test, "orders", () => listOrders(test.database, { userId, ...page })),
    "all orders": await planOf(test, "orders", () => listOrders(test.database, page)),
    "a statement": await planOf(test, "movements", () => movements(test.database, userId, page)),
  };
  for (const [whose, plan] of Object.entries(plans)) {
    expect({ whose, plan }).toSatisfy(() => !/Seq Scan on (purchase_attempts|orders)/.test(plan));
  }
  expect(plans["a buyer's"]).toContain("purchase_attempts_bought_by_user");
  expect(plans["an item's"]).toContain("purchase_attempts_position_once");
  expect(plans["a key's"]).toContain("purchase_attempts_one_per_key");
  expect(plans["a customer's"]).toContain("orders_by_customer");
});
