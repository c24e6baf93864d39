import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Fault } from "../../shared/faults.ts";
import { makeBuyer, makeItem } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { PurchaseDesk } from "./combine.ts";
import type { PurchaseObserver, SettledBatch } from "./observer.ts";

let test: TestDatabase;
let batches: SettledBatch[];
let failures: unknown[];

const observer: PurchaseObserver = {
  settled: (batch) => void batches.push(batch),
  failed: (error, requests) => failures.push(...Array.from({ length: requests }, () => error)),
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
  const desk = new PurchaseDesk(test.database, { observer });
  const itemId = await makeItem(test.database, { stock: 1 });
  const userId = await makeBuyer(test.database);
  const keys = ["a", "b", "c", "d"];
  await Promise.all(keys.map((idempotencyKey) => desk.buy({ userId, itemId, quantity: 1, idempotencyKey })));
  await desk.buy({ userId, itemId, quantity: 1, idempotencyKey: "a" });
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
  await desk.close();
});

it("is told of everyone who is turned away, before and behind the line", async () => {
  const desk = new PurchaseDesk(test.database, { observer, lineLengthMax: 1, waitMsMax: 1 });
  const itemId = await makeItem(test.database, { stock: 9 });
  const userId = await makeBuyer(test.database);
  const release = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const holding = test.sql.begin(async (tx) => {
    await tx`select 1 from items where id = ${itemId} for update`;
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const buy = (idempotencyKey: string) => desk.buy({ userId, itemId, quantity: 1, idempotencyKey });
  const first = buy("first");
  const waits = buy("waits").catch((error: Fault) => error.code);
  const full = buy("full").catch((error: Fault) => error.code);
  expect(await full).toBe("OVERLOADED");
  expect(await waits).toBe("OVERLOADED");
  release.resolve();
  await holding;
  await first.catch(() => {});
  expect(failures.filter((error) => (error as Fault).code === "OVERLOADED").length).toBeGreaterThanOrEqual(2);
  await desk.close();
});
