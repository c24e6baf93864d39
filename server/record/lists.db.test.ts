import { expect, it } from "vitest";
import { CREDIT_KINDS, type RefundRecord } from "../../shared/record.ts";
import { signedInBuyer, signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeBuyer, makeBuyers, makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { listAttempts } from "./attempts.ts";
import { listCredits } from "./credits.ts";
import { ROWS_LOOKED_AT } from "./look.ts";
import { listRecordedOrders } from "./orders.ts";
import { listRefunds } from "./refunds.ts";

it("shows every attempt, bought or refused, with what the buyer was told, by person, item, sale, outcome and time", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(test.database, [
    { stock: 10, priceCents: 700, limitPerCustomer: 1 },
    { stock: 1, priceCents: 900 },
  ]);
  const [limited, last] = itemIds;
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const other = await signedInBuyer(test);
  const buy = (itemId: number | undefined, key: string, token: string) =>
    app.mutate("purchases.buy", { itemId, idempotencyKey: key }, token);
  await buy(limited, "a", buyer.token);
  await buy(limited, "a", buyer.token);
  await buy(limited, "b", buyer.token);
  await buy(last, "c", other.token);
  await buy(last, "d", buyer.token);

  const list = (input: object) => listAttempts(test.database, { limit: 10, ...input });
  const all = await list({});
  expect(all).toMatchObject({
    items: [
      { userId: buyer.id, itemName: "Item 1", outcome: "OUT_OF_STOCK", amountCents: null },
      { userId: other.id, email: `${other.id}@example.com`, outcome: "bought", amountCents: 900, position: 1 },
      { outcome: "LIMIT_REACHED", refusalMessage: expect.stringContaining("1"), position: null },
      { outcome: "bought", refusalMessage: null, amountCents: 700, balanceCents: 4_300, remaining: 9 },
    ],
    nextCursor: null,
    lookedTo: null,
  });
  const [outOfStock, ofOther, overLimit, bought] = all.items;
  expect((await list({ userId: other.id })).items).toEqual([ofOther]);
  expect((await list({ itemId: limited })).items).toEqual([overLimit, bought]);
  expect((await list({ saleId })).items).toEqual(all.items);
  expect((await list({ saleId: saleId + 1 })).items).toEqual([]);
  expect((await list({ outcome: "bought" })).items).toEqual([ofOther, bought]);
  expect((await list({ outcome: "refused", userId: buyer.id })).items).toEqual([outOfStock, overLimit]);
  expect((await list({ outcome: "LIMIT_REACHED" })).items).toEqual([overLimit]);
  const at = (row: typeof bought) => row?.decidedAt ?? "";
  // What is answered is cut off to a millisecond.
  const justAfter = new Date(Date.parse(at(bought)) + 1).toISOString();
  expect((await list({ to: justAfter })).items).toContainEqual(bought);
  expect((await list({ from: at(outOfStock) })).items).toEqual([outOfStock]);
  expect((await list({ to: at(bought) })).items).toEqual([]);
  // Page by page it is the same.
  const first = await list({ limit: 3 });
  const second = await list({ limit: 3, cursor: first.nextCursor });
  expect([...first.items, ...second.items]).toEqual(all.items);
});

it("says up to where it has looked for what is rare, and goes on from there", async () => {
  await using test = await createTestDatabase();
  const userId = await makeBuyer(test.database);
  const { itemIds } = await makeSale(test.database, [{ stock: 1 }]);
  const [itemId = 0] = itemIds;
  await insertAttempts(test, { userId, itemId, count: 2 * ROWS_LOOKED_AT + 10 });

  const looks = [];
  let cursor: string | null = null;
  do {
    const look = await listAttempts(test.database, { outcome: "LIMIT_REACHED", limit: 20, cursor });
    looks.push(look);
    cursor = look.nextCursor;
  } while (cursor !== null);
  expect(looks.map(({ items }) => items.length)).toEqual([0, 0, 1]);
  expect(looks.map(({ lookedTo }) => lookedTo !== null)).toEqual([true, true, false]);
  // Rows are a millisecond apart.
  const [first, second] = looks.map(({ lookedTo }) => Date.parse(lookedTo ?? ""));
  expect((first ?? 0) - (second ?? 0)).toBe(ROWS_LOOKED_AT);
});

it("shows orders, refunds of both kinds and credits, page by page, newest first", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10, priceCents: 700 }]);
  const [productId] = await makeProducts(test.database, [{ name: "Lamp", units: 9, priceCents: 300 }]);
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const operator = await signedInOperator(test);
  await makeBuyers(test.database, 3);
  const bought = await app.mutate("purchases.buy", { itemId: itemIds[0], idempotencyKey: "p" }, buyer.token);
  const basket = { lines: [{ productId, quantity: 2 }], idempotencyKey: "o" };
  const { order } = (await app.mutate("orders.place", basket, buyer.token)).body.result.data;
  const { purchaseId } = bought.body.result.data;
  await app.mutate("purchases.refund", { purchaseId, reason: "Broken", idempotencyKey: "r" }, operator.token);
  await app.mutate("orders.refund", { orderId: order.orderId, idempotencyKey: "r" }, operator.token);
  const credit = { userId: buyer.id, amountCents: 50, reason: "Sorry", idempotencyKey: "c" };
  await app.mutate("wallets.credit", credit, operator.token);

  const orders = await app.query("record.orders", { status: "refunded", productId }, operator.token);
  expect(orders.body.result.data).toMatchObject({
    items: [
      { email: `${buyer.id}@example.com`, units: 2, contents: "2 × Lamp", amountCents: 600, balanceCents: 3_700 },
    ],
    nextCursor: null,
  });
  for (const rest of [
    { userId: operator.id },
    { status: "rejected" },
    { productId: 999 },
    { to: "2020-01-01T00:00:00Z" },
  ])
    expect((await app.query("record.orders", rest, operator.token)).body.result.data.items).toEqual([]);

  const refunds = await app.query("record.refunds", { userId: buyer.id }, operator.token);
  const both: RefundRecord[] = refunds.body.result.data.items;
  expect(both).toMatchObject([
    { orderId: order.orderId, purchaseId: null, what: `Order ${order.orderId}`, amountCents: 600 },
    { purchaseId, orderId: null, what: "Item 0", reason: "Broken", actorId: operator.id, amountCents: 700 },
  ]);
  const [ofOrder, ofPurchase] = both;
  expect((await listRefunds(test.database, { saleId, limit: 9 })).items).toEqual([ofPurchase]);
  expect((await listRefunds(test.database, { to: ofOrder?.refundedAt, limit: 9 })).items).toEqual([ofPurchase]);
  const page = await listRefunds(test.database, { limit: 1 });
  expect(page.items).toEqual([ofOrder]);
  expect(await listRefunds(test.database, { limit: 1, cursor: page.nextCursor })).toEqual({
    items: [ofPurchase],
    nextCursor: null,
  });

  const credits = await listCredits(test.database, { limit: 10 });
  expect(credits.items[0]).toMatchObject({ kind: "credit", reason: "Sorry", actorId: operator.id, amountCents: 50 });
  expect(credits.items.map(({ kind }) => kind)).toEqual(["credit", ...Array(4).fill("opening")]);
  expect((await listCredits(test.database, { kind: "credit", limit: 9 })).items).toEqual([credits.items[0]]);
  expect((await listCredits(test.database, { userId: buyer.id, limit: 9 })).items).toHaveLength(2);
  for (const kind of CREDIT_KINDS) expect(await listCredits(test.database, { kind, limit: 1 })).toBeDefined();
  const [newest] = (await listRecordedOrders(test.database, { limit: 9 })).items;
  expect(newest?.refundedAt).not.toBeNull();
  expect((await reconcile(test.database)).ok).toBe(true);
});

it("refuses a cursor of another list and filters that are none", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInOperator(test);
  const cursor = Buffer.from("[1]").toString("base64url");
  for (const list of ["attempts", "orders", "refunds", "credits"]) {
    for (const input of [{ cursor }, { userId: "me" }, { from: "yesterday" }, { unknown: 1 }])
      expect((await app.query(`record.${list}`, input, token)).status, `${list} ${Object.keys(input)}`).toBe(400);
  }
});

/** Attempts that were refused, a millisecond apart, the oldest for a reason of its own. */
async function insertAttempts(
  test: TestDatabase,
  { userId, itemId, count }: { userId: string; itemId: number; count: number },
) {
  await test.sql`
    insert into purchase_attempts
      (id, user_id, item_id, quantity, idempotency_key, refusal_code, refusal_message, decided_at)
    select
      (regexp_replace(lpad(to_hex(1900000000000 + n), 12, '0'), '(.{8})(.{4})', '\\1-\\2') || '-7000-8000-000000000000')::uuid,
      ${userId}, ${itemId}, 1, gen_random_uuid(),
      case when n = 1 then 'LIMIT_REACHED' else 'OUT_OF_STOCK' end, 'No.', to_timestamp(1900000000 + n / 1000.0)
    from generate_series(1, ${count}::int) as n`;
}
