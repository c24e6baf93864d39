import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeBuyer, makeBuyers, makeItem, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { PurchaseBatcher } from "./buy.ts";

/**
 * The same guarantees whoever combines what: one process that settles large batches, several that race each other for
 * the lock, and several that do not combine at all, so that every request is a transaction on a connection of its own.
 */
const SETTINGS = [
  { processes: 1, batchMax: 512 },
  { processes: 2, batchMax: 7 },
  { processes: 8, batchMax: 1 },
];

describe.each(SETTINGS)("purchases by $processes batcher(s) with batches of $batchMax", ({ processes, batchMax }) => {
  let test: TestDatabase;
  let databases: Database[];
  let batchers: PurchaseBatcher[];

  beforeAll(async () => {
    test = await createTestDatabase();
    const options = { url: test.url, schema: test.schema, poolSize: 4 };
    databases = await Promise.all(Array.from({ length: processes }, () => openDatabase(options)));
    batchers = databases.map((database) => new PurchaseBatcher(database, { batchMax }));
  });

  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await test[Symbol.asyncDispose]();
  });

  it("sells the last unit once", async () => {
    const item = await makeItem(test.database, { stock: 1 });
    const results = await buyAll((await makeBuyers(test.database, 40)).map((userId) => ({ userId, item })));
    expect(outcomes(results)).toEqual({ purchased: 1, OUT_OF_STOCK: 39 });
    await expectClean();
  });

  it("sells 100 units to 500 buyers, in positions 1 to 100", async () => {
    const item = await makeItem(test.database, { stock: 100 });
    const results = await buyAll((await makeBuyers(test.database, 500)).map((userId) => ({ userId, item })));
    expect(outcomes(results)).toEqual({ purchased: 100, OUT_OF_STOCK: 400 });
    const positions = results.flatMap((result) => (result.outcome === "purchased" ? [result.position] : []));
    expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    await expectClean();
  });

  it("charges once for 50 requests with one key, and answers all of them alike", async () => {
    const item = await makeItem(test.database, { stock: 100 });
    const userId = await makeBuyer(test.database);
    const results = await buyAll(Array.from({ length: 50 }, () => ({ userId, item, key: "one-key" })));
    expect(results.filter((result) => !result.replayed)).toHaveLength(1);
    const first = results.find((result) => !result.replayed);
    for (const result of results) expect({ ...result, replayed: false }).toEqual(first);
    expect(first).toMatchObject({ outcome: "purchased", remaining: 99 });
    await expectClean();
  });

  it("lets 50 keys of one buyer buy three times when the money is enough for three", async () => {
    const item = await makeItem(test.database, { stock: 100, priceCents: 1_000 });
    const userId = await makeBuyer(test.database, { balanceCents: 3_999 });
    const results = await buyAll(Array.from({ length: 50 }, () => ({ userId, item })));
    expect(outcomes(results)).toEqual({ purchased: 3, INSUFFICIENT_BALANCE: 47 });
    await expectClean();
  });

  it("spends a wallet that affords exactly one on one of two items", async () => {
    const { itemIds } = await makeSale(test.database, [{ stock: 50 }, { stock: 50 }]);
    const buyers = await makeBuyers(test.database, 20, { balanceCents: 1_000 });
    const results = await buyAll(buyers.flatMap((userId) => itemIds.map((item) => ({ userId, item }))));
    expect(outcomes(results)).toEqual({ purchased: 20, INSUFFICIENT_BALANCE: 20 });
    await expectClean();
  });

  it("decides one key on two items at once for one of them, and refuses the other as reused", async () => {
    const { itemIds } = await makeSale(test.database, [{ stock: 50 }, { stock: 50 }]);
    const buyers = await makeBuyers(test.database, 20);
    const results = await buyAll(buyers.flatMap((userId) => itemIds.map((item) => ({ userId, item, key: "same" }))));
    expect(outcomes(results)).toEqual({ purchased: 20, KEY_REUSED: 20 });
    await expectClean();
  });

  it("keeps the limit per customer whatever the quantities", async () => {
    const item = await makeItem(test.database, { stock: 1_000, limitPerCustomer: 5 });
    const buyers = await makeBuyers(test.database, 10);
    const requests = buyers.flatMap((userId) => [1, 2, 3, 1, 2, 3].map((quantity) => ({ userId, item, quantity })));
    await buyAll(requests);
    const held = await test.sql`
      select user_id, sum(quantity)::int as units from purchase_attempts
      where item_id = ${item} and position is not null group by user_id`;
    for (const { units } of held) expect(units).toBeLessThanOrEqual(5);
    expect(held).toHaveLength(10);
    await expectClean();
  });

  it("sells two items to the same buyers in both orders without a deadlock", async () => {
    const { itemIds } = await makeSale(test.database, [{ stock: 1_000 }, { stock: 1_000 }]);
    const buyers = await makeBuyers(test.database, 50);
    const requests = [...buyers, ...buyers.toReversed()].flatMap((userId, index) =>
      (index % 2 ? itemIds : itemIds.toReversed()).map((item) => ({ userId, item })),
    );
    expect(outcomes(await buyAll(requests))).toEqual({ purchased: 200 });
    await expectClean();
  });

  /** Sends all requests at once, over all batchers in turn. */
  function buyAll(requests: { userId: string; item: number; key?: string; quantity?: number }[]) {
    return Promise.all(
      requests.map(({ userId, item, key, quantity = 1 }, index) => {
        const idempotencyKey = key ?? crypto.randomUUID();
        const batcher = batchers[index % batchers.length];
        if (!batcher) throw new Error("there is no batcher");
        return batcher.buy({ userId, itemId: item, quantity, idempotencyKey });
      }),
    );
  }

  async function expectClean(): Promise<void> {
    const { ok, checks } = await reconcile(test.database);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(ok).toBe(true);
  }
});

describe("a crowd at one batcher", () => {
  it("sells one unit to 10,000 buyers once", async () => {
    await using test = await createTestDatabase();
    const item = await makeItem(test.database, { stock: 1 });
    const buyers = await makeBuyers(test.database, 10_000);
    const batcher = new PurchaseBatcher(test.database);
    const results = await Promise.all(
      buyers.map((userId) => batcher.buy({ userId, itemId: item, quantity: 1, idempotencyKey: "k" })),
    );
    expect(outcomes(results)).toEqual({ purchased: 1, OUT_OF_STOCK: 9_999 });
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("sells 100 units to 2,000 buyers who each send their request three times", async () => {
    await using test = await createTestDatabase();
    const item = await makeItem(test.database, { stock: 100 });
    const buyers = await makeBuyers(test.database, 2_000);
    const batcher = new PurchaseBatcher(test.database);
    const round = () =>
      Promise.all(buyers.map((userId) => batcher.buy({ userId, itemId: item, quantity: 1, idempotencyKey: "k" })));
    const rounds = await Promise.all([round(), round(), round()]);
    const again = await round();
    for (const results of [...rounds, again]) {
      expect(outcomes(results)).toEqual({ purchased: 100, OUT_OF_STOCK: 1_900 });
      expect(results.map(withoutReplayed)).toEqual(again.map(withoutReplayed));
    }
    expect(rounds.flat().filter((result) => !result.replayed)).toHaveLength(2_000);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });
});

/** How often each outcome or refusal was answered. */
function outcomes(results: PurchaseResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) {
    const said = result.outcome === "purchased" ? "purchased" : result.code;
    counts[said] = (counts[said] ?? 0) + 1;
  }
  return counts;
}

function withoutReplayed({ replayed: _, ...result }: PurchaseResult) {
  return result;
}
