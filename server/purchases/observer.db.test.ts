import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { makeBuyer, makeBuyers, makeItem } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { PurchaseBatcher, type PurchaseObserver } from "./buy.ts";
import type { SettledBatch } from "./purchase-metrics.ts";

let test: TestDatabase;
let batches: SettledBatch[];
let failures: unknown[];

const observer: PurchaseObserver = {
  settled: (batch) => void batches.push(batch),
  failed: (error) => failures.push(error),
};

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

beforeEach(() => {
  batches = [];
  failures = [];
});

it("is told of each batch once, with every result and with times that fit into each other", async () => {
  const batcher = new PurchaseBatcher(test.database, { observer });
  const itemId = await makeItem(test.database, { stock: 1 });
  const userId = await makeBuyer(test.database);
  const keys = ["a", "b", "c", "d"];
  await Promise.all(keys.map((idempotencyKey) => batcher.buy({ userId, itemId, quantity: 1, idempotencyKey })));
  await batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: "a" });
  const results = batches.flatMap((batch) => batch.results);
  expect(results.map((result) => result?.outcome).toSorted()).toEqual([
    "purchased",
    "purchased",
    "refused",
    "refused",
    "refused",
  ]);
  expect(results.filter((result) => result?.replayed)).toHaveLength(1);
  for (const { ms, lockMs } of batches) {
    expect(lockMs).toBeGreaterThan(0);
    expect(ms).toBeGreaterThan(lockMs);
  }
  expect(failures).toEqual([]);
  await batcher.close();
});

it("is told of everyone who is turned away at the end of a full queue", async () => {
  const batcher = new PurchaseBatcher(test.database, { observer, queueLengthMax: 2 });
  await using held = await heldItem(4);
  const waiting = held.buy(batcher, held.buyers.slice(0, 3));
  const [turnedAway] = await held.buy(batcher, held.buyers.slice(3));
  expect(turnedAway).toMatchObject({ status: "rejected" });
  expect(failures).toMatchObject([{ code: "OVERLOADED" }]);
  await held.release();
  await waiting;
  expect(failures).toHaveLength(1);
  await batcher.close();
});

it("is told of everyone who has waited for too long", async () => {
  const batcher = new PurchaseBatcher(test.database, { observer, batchMax: 1, waitMsMax: 100 });
  await using held = await heldItem(3);
  const [first, ...others] = held.buyers.map((userId) => held.buy(batcher, [userId]));
  await Promise.all(others);
  expect(failures).toMatchObject([{ code: "OVERLOADED" }, { code: "OVERLOADED" }]);
  await held.release();
  expect(await first).toMatchObject([{ status: "fulfilled" }]);
  expect(batches.flatMap((batch) => batch.results).filter(Boolean)).toHaveLength(1);
  await batcher.close();
});

/** An item whose row another session holds. */
async function heldItem(count: number) {
  const itemId = await makeItem(test.database, { stock: 1_000 });
  const buyers = await makeBuyers(test.database, count);
  const session = await test.sql.reserve();
  let isHeld = true;
  await session`begin`;
  await session`select from items where id = ${itemId} for update`;
  const release = async () => {
    if (!isHeld) return;
    isHeld = false;
    await session`commit`;
    session.release();
  };
  const buy = (batcher: PurchaseBatcher, userIds: readonly string[]) =>
    Promise.allSettled(userIds.map((userId) => batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: "k" })));
  return { buyers, buy, release, [Symbol.asyncDispose]: release };
}
