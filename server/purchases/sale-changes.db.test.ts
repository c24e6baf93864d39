import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Services } from "../app/services.ts";
import { reconcile } from "../operations/reconcile.ts";
import { adjustStock } from "../sales/adjust-stock.ts";
import { cancelSale } from "../sales/cancel.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { pauseSale } from "../sales/pause.ts";
import { resumeSale } from "../sales/resume.ts";
import { updateSale } from "../sales/update.ts";
import { makeBuyers, makeOperator, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { PurchaseBatcher } from "./buy.ts";

/** An operator changes a sale while a crowd buys from it. Small batches, so that the change falls between them. */
let test: TestDatabase;
let batcher: PurchaseBatcher;
let operator: string;
let services: Pick<Services, "database" | "liveSales">;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 8 });
  batcher = new PurchaseBatcher(test.database, { batchMax: 2 });
  services = { database: test.database, liveSales: recordingLiveSales() };
  operator = await makeOperator(test.database);
});

afterAll(async () => {
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
  await test[Symbol.asyncDispose]();
});

describe("a sale that changes while a crowd buys", () => {
  it("sells nothing in a pause and goes on after it", async () => {
    const { saleId, itemIds } = await makeSale(test.database, [{ stock: 1_000 }, { stock: 1_000 }]);
    const crowd = await startCrowd(itemIds);
    await crowd.until((results) => results.some((result) => result.outcome === "purchased"));
    await pauseSale(services, operator, { saleId });
    await crowd.until((results) => results.filter((result) => codeOf(result) === "SALE_PAUSED").length > 5);
    await resumeSale(services, operator, { saleId });
    const before = crowd.purchases();
    await crowd.until(() => crowd.purchases() > before + 5);
    await crowd.leave();
  });

  it("lets buyers have more once the limit is raised, and not before", async () => {
    const { saleId, itemIds } = await makeSale(test.database, [{ stock: 1_000, limitPerCustomer: 1 }]);
    const [itemId = 0] = itemIds;
    const crowd = await startCrowd(itemIds);
    await crowd.until((results) => results.filter((result) => codeOf(result) === "LIMIT_REACHED").length > 5);
    await updateSale(services, operator, { saleId, items: [{ itemId, limitPerCustomer: 3 }] });
    await crowd.until(() => crowd.purchases() === 3 * CROWD);
    await crowd.leave();
    expect(crowd.purchases()).toBe(3 * CROWD);
  });

  it("sells what was added and not what was withdrawn", async () => {
    const { itemIds } = await makeSale(test.database, [{ stock: 20 }]);
    const [itemId = 0] = itemIds;
    const crowd = await startCrowd(itemIds);
    await crowd.until((results) => results.some((result) => codeOf(result) === "OUT_OF_STOCK"));
    await adjustStock(services, operator, { itemId, change: 15, reason: "found", idempotencyKey: "more" });
    await crowd.until(() => crowd.purchases() === 35);
    await adjustStock(services, operator, { itemId, change: 10, reason: "found", idempotencyKey: "again" });
    await crowd.leave();
    const [item] = await test.sql`select allotted, remaining from items where id = ${itemId}`;
    expect(item).toMatchObject({ allotted: 45, remaining: 45 - crowd.purchases() });
  });

  it("sells nothing any more once it is cancelled", async () => {
    const { saleId, itemIds } = await makeSale(test.database, [{ stock: 1_000 }, { stock: 1_000 }]);
    const crowd = await startCrowd(itemIds);
    await crowd.until((results) => results.some((result) => result.outcome === "purchased"));
    await cancelSale(services, operator, { saleId });
    const after = await batcher.buy({ ...crowd.someone(), itemId: itemIds[0] ?? 0 });
    expect(after).toMatchObject({ code: "SALE_CANCELLED" });
    await crowd.leave();
  });
});

const CROWD = 20;

/** Buyers who buy one unit after the other, always with a new key, until they are told to leave. */
async function startCrowd(itemIds: readonly number[]) {
  const buyers = await makeBuyers(test.database, CROWD);
  const results: PurchaseResult[] = [];
  let leaving = false;
  const done = Promise.all(
    buyers.map(async (userId, index) => {
      while (!leaving) {
        const itemId = itemIds[index % itemIds.length] ?? 0;
        results.push(await batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() }));
      }
    }),
  );
  return {
    purchases: () => results.filter((result) => result.outcome === "purchased").length,
    someone: () => ({ userId: buyers[0] ?? "", quantity: 1, idempotencyKey: crypto.randomUUID() }),
    /** Resolves as soon as the answers so far are as wanted; the test's own time limit ends the wait otherwise. */
    until: async (wanted: (results: readonly PurchaseResult[]) => boolean) => {
      while (!wanted(results)) await new Promise((resolve) => setImmediate(resolve));
    },
    leave: async () => {
      leaving = true;
      await done;
    },
  };
}

function codeOf(result: PurchaseResult): string | undefined {
  return result.outcome === "refused" ? result.code : undefined;
}
