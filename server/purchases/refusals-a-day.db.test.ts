import { afterAll, beforeAll, expect, it } from "vitest";
import { signedInBuyer, startTestApp, type TestApp, type TestUser } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeItem, makeProducts } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";

/* Every refusal is kept for ever, so that one buyer may be refused so often a day. */

const PER_DAY = 3;

let test: TestDatabase;
let app: TestApp;
let itemId: number;

beforeAll(async () => {
  test = await createTestDatabase();
  app = await startTestApp(test, { LIMIT_REFUSALS_PER_DAY: String(PER_DAY) });
  itemId = await makeItem(test.database, { stock: 100 });
});

afterAll(async () => {
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
  await app[Symbol.asyncDispose]();
  await test[Symbol.asyncDispose]();
});

const buy = ({ token }: TestUser, idempotencyKey: string, quantity = 1) =>
  app.mutate("purchases.buy", { itemId, quantity, idempotencyKey }, token);

const buyByRest = ({ token }: TestUser, key: string) =>
  app.send("/api/purchase/", { token, headers: { "idempotency-key": key }, body: { item_id: itemId } });

const order = ({ token }: TestUser, productId: number, idempotencyKey: string, lines = 1) =>
  app.mutate("orders.place", { lines: Array(lines).fill({ productId, quantity: 1 }), idempotencyKey }, token);

async function rowsOf({ id }: TestUser): Promise<{ attempts: number; audited: number }> {
  const [row] = await test.sql<{ attempts: number; audited: number }[]>`
    select (select count(*)::int from purchase_attempts where user_id = ${id}) as attempts,
      (select count(*)::int from audit_log where actor_id = ${id}) as audited`;
  if (!row) throw new Error("no row");
  return row;
}

it("stores no more refusals of one buyer, through whatever door they come, and says when to come again", async () => {
  const poor = await signedInBuyer(test, { balanceCents: 0 });
  const first = await buy(poor, "a");
  expect(first.body.result.data).toMatchObject({ code: "INSUFFICIENT_BALANCE", replayed: false });
  await buyByRest(poor, "b");
  await buy(poor, "c");
  for (const refused of [await buy(poor, "d"), await buyByRest(poor, "e")]) {
    expect(refused.status, refused.text).toBe(429);
    const waitS = Number(refused.headers.get("retry-after"));
    expect(waitS).toBeGreaterThan(0);
    expect(waitS).toBeLessThanOrEqual(86_400 / PER_DAY);
    expect(refused.text).toContain("you have to wait before you ask for more. Nothing was charged.");
  }
  expect(await rowsOf(poor)).toMatchObject({ attempts: PER_DAY });
});

it("answers what was answered before all the same, and knows a key that comes with other input", async () => {
  const poor = await signedInBuyer(test, { balanceCents: 0 });
  const first = await buy(poor, "a");
  for (const key of ["b", "c"]) await buy(poor, key);
  expect(await buy(poor, "d")).toMatchObject({ status: 429 });
  const again = await buy(poor, "a");
  expect(again.body.result.data).toEqual({ ...first.body.result.data, replayed: true });
  expect((await buy(poor, "a", 2)).body.result.data).toMatchObject({ code: "KEY_REUSED" });
  expect(await rowsOf(poor)).toMatchObject({ attempts: PER_DAY });
});

it("takes nothing for purchases, for replays, or for the refusals of others", async () => {
  const rich = await signedInBuyer(test, { balanceCents: 10_000 });
  const poor = await signedInBuyer(test, { balanceCents: 0 });
  for (let n = 0; n < PER_DAY + 1; n++) {
    await buy(poor, `${n}`);
    expect((await buy(rich, `${n}`)).body.result.data).toMatchObject({ outcome: "purchased" });
    expect((await buy(rich, "0")).body.result.data).toMatchObject({ outcome: "purchased", replayed: true });
  }
  expect(await buy(poor, "more")).toMatchObject({ status: 429 });

  const again = await signedInBuyer(test, { balanceCents: 0 });
  for (let n = 0; n < PER_DAY; n++) {
    expect((await buy(again, "a")).body.result.data).toMatchObject({ code: "INSUFFICIENT_BALANCE", replayed: n > 0 });
    expect((await buy(again, "a", 2)).body.result.data).toMatchObject({ code: "KEY_REUSED" });
  }
  expect((await buy(again, "b")).body.result.data).toMatchObject({ code: "INSUFFICIENT_BALANCE", replayed: false });
});

it("keeps so many rows of orders that placed nothing, and answers a placed one without a further row", async () => {
  const buyer = await signedInBuyer(test, { balanceCents: 1_000 });
  const [lamp = 0, soldOut = 0] = await makeProducts(test.database, [{ units: 5 }, { units: 0 }]);
  const placed = await order(buyer, lamp, "placed");
  expect(placed.body.result.data).toMatchObject({ outcome: "placed", replayed: false });
  for (let n = 0; n < PER_DAY; n++) {
    expect((await order(buyer, soldOut, "again")).body.result.data).toMatchObject({ outcome: "refused" });
  }
  const { audited } = await rowsOf(buyer);
  expect(await order(buyer, soldOut, "again")).toMatchObject({ status: 429 });
  const replayed = await order(buyer, lamp, "placed");
  expect(replayed.body.result.data).toEqual({ ...placed.body.result.data, replayed: true });
  expect(await order(buyer, soldOut, "placed")).toMatchObject({ status: 429 });
  expect(await order(buyer, lamp, "another")).toMatchObject({ status: 429 });
  const other = await signedInBuyer(test);
  await order(other, soldOut, "long", 10 * PER_DAY);
  expect(await order(other, lamp, "placed")).toMatchObject({ status: 429 });
  expect(await rowsOf(buyer)).toMatchObject({ audited });
});

it("counts an order of many lines as the many rows that it fills", async () => {
  const buyer = await signedInBuyer(test);
  const [soldOut = 0] = await makeProducts(test.database, [{ units: 0 }]);
  expect((await order(buyer, soldOut, "long", 10 * PER_DAY)).body.result.data).toMatchObject({ outcome: "refused" });
  expect(await order(buyer, soldOut, "short")).toMatchObject({ status: 429 });
});
