import { afterAll, beforeAll, expect, it } from "vitest";
import { Fault } from "../../shared/faults.ts";
import { newUuid } from "../database/new-uuid.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeBuyers, makeItem, makeSale } from "../testing/factories.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { PurchaseBatcher } from "./buy.ts";
import { settle } from "./settle.ts";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(async () => {
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
  await test[Symbol.asyncDispose]();
});

function buy(batcher: PurchaseBatcher, userId: string, itemId: number) {
  return batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() });
}

function request(userId: string, itemId: number) {
  return { id: newUuid(), userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() };
}

it("sells to the crowd while one buyer's wallet is locked, and to that buyer once it is free", async () => {
  const item = await makeItem(test.database, { stock: 100 });
  const buyers = await makeBuyers(test.database, 20);
  const holder = await hold(test, `select from wallets where user_id = '${buyers[7]}' for update`);
  const batcher = new PurchaseBatcher(test.database);
  const purchases = buyers.map((userId) => buy(batcher, userId, item));
  const held = purchases.splice(7, 1)[0];
  for (const result of await Promise.all(purchases)) expect(result).toMatchObject({ outcome: "purchased" });
  await holder.release();
  expect(await held).toMatchObject({ outcome: "purchased", position: 20, replayed: false });
});

it("gives a buyer up whose wallet stays locked, and has taken nothing", async () => {
  const item = await makeItem(test.database, { stock: 1 });
  const [buyer = "", other = ""] = await makeBuyers(test.database, 2);
  const holder = await hold(test, `select from wallets where user_id = '${buyer}' for update`);
  const batcher = new PurchaseBatcher(test.database);
  const answer = await buy(batcher, buyer, item).catch((error: unknown) => error);
  expect(answer).toBeInstanceOf(Fault);
  expect(answer).toMatchObject({ code: "LOCK_TIMEOUT" });
  expect(await buy(batcher, other, item)).toMatchObject({ outcome: "purchased", remaining: 0 });
  await holder.release();
});

it("sells every other item while one is locked, whatever batch they share", async () => {
  const { itemIds } = await makeSale(
    test.database,
    Array.from({ length: 12 }, () => ({ stock: 10 })),
  );
  const [locked = 0] = itemIds;
  const buyers = await makeBuyers(test.database, 24);
  const holder = await hold(test, `select from items where id = ${locked} for update`);
  const batcher = new PurchaseBatcher(test.database);
  const purchases = buyers.map((userId, index) => ({
    itemId: itemIds[index % 12] ?? 0,
    result: buy(batcher, userId, itemIds[index % 12] ?? 0),
  }));
  for (const { itemId, result } of purchases) {
    if (itemId !== locked) expect(await result).toMatchObject({ outcome: "purchased", itemId });
  }
  await holder.release();
  for (const { itemId, result } of purchases) {
    if (itemId === locked) expect(await result).toMatchObject({ outcome: "purchased", itemId });
  }
});

it("settles many items together, each with its own stock and positions, and a wallet across them", async () => {
  const offers = [
    { stock: 2, priceCents: 400 },
    { stock: 5, priceCents: 300 },
    { stock: 0, priceCents: 1 },
  ];
  const { itemIds } = await makeSale(test.database, offers);
  const [first = 0, second = 0, soldOut = 0] = itemIds;
  const [ada = "", bob = ""] = await makeBuyers(test.database, 2, { balanceCents: 1_000 });
  const asked = [
    request(ada, second),
    request(bob, first),
    request(ada, first),
    request(bob, soldOut),
    request(ada, second),
    request(ada, second),
    request(bob, first),
  ];
  const { results, changedSaleIds } = await settle(test.database, asked, { lock: "skip" });
  expect(results).toMatchObject([
    { itemId: second, position: 1, remaining: 4, balanceCents: 700 },
    { itemId: first, position: 1, remaining: 1, balanceCents: 600 },
    { itemId: first, position: 2, remaining: 0, balanceCents: 300 },
    { code: "OUT_OF_STOCK" },
    { itemId: second, position: 2, remaining: 3, balanceCents: 0 },
    { code: "INSUFFICIENT_BALANCE" },
    { code: "OUT_OF_STOCK" },
  ]);
  expect(changedSaleIds.size).toBe(1);
});

it("passes over what is locked and decides the rest, in order", async () => {
  const { itemIds } = await makeSale(test.database, [{ stock: 5 }, { stock: 5 }]);
  const [free = 0, locked = 0] = itemIds;
  const [ada = "", bob = "", cy = ""] = await makeBuyers(test.database, 3);
  await using _item = await hold(test, `select from items where id = ${locked} for update`);
  await using _wallet = await hold(test, `select from wallets where user_id = '${bob}' for update`);
  const asked = [request(ada, locked), request(ada, free), request(bob, free), request(cy, free)];
  const { results, lockedItemIds } = await settle(test.database, asked, { lock: "skip" });
  expect(results).toMatchObject([undefined, { position: 1 }, undefined, { position: 2 }]);
  expect([...lockedItemIds]).toEqual([locked]);
});
