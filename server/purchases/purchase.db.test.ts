import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { reconcile } from "../operations/reconcile.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { makeBuyer, makeItem, makeOperator, makeSale, type Terms } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { PurchaseBatcher } from "./buy.ts";
import { byKey } from "./by-key.ts";
import { mine } from "./mine.ts";
import type { SettledBatch } from "./purchase-metrics.ts";
import { refund } from "./refund.ts";

let test: TestDatabase;
let batcher: PurchaseBatcher;
let buyer: string;

beforeAll(async () => {
  test = await createTestDatabase();
  batcher = new PurchaseBatcher(test.database);
});

afterAll(async () => {
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
  await test[Symbol.asyncDispose]();
});

beforeEach(async () => {
  buyer = await makeBuyer(test.database, { balanceCents: 10_000 });
});

describe("a purchase", () => {
  it("takes units and money and says what is left", async () => {
    const item = await makeItem(test.database, { stock: 10, priceCents: 1_500 });
    expect(await buy(item, { quantity: 3 })).toEqual({
      outcome: "purchased",
      purchaseId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      itemId: item,
      quantity: 3,
      amountCents: 4_500,
      balanceCents: 5_500,
      remaining: 7,
      position: 1,
      replayed: false,
    });
    expect(await buy(item)).toMatchObject({ remaining: 6, position: 2, balanceCents: 4_000 });
  });

  it("answers a repeated key from the record, also after the sale ended and the buyer was deactivated", async () => {
    const { saleId, itemIds } = await makeSale(test.database, [{ stock: 1 }]);
    const [item = 0] = itemIds;
    const first = await buy(item, { key: "again" });
    const refusal = await buy(item, { key: "late" });
    await test.sql`update sales set ends_at = clock_timestamp() + interval '1 millisecond' where id = ${saleId}`;
    await test.sql`update users set active = false where id = ${buyer}`;
    expect(await buy(item, { key: "again" })).toEqual({ ...first, replayed: true });
    expect(await buy(item, { key: "late" })).toEqual({ ...refusal, replayed: true });
    expect(refusal).toMatchObject({ outcome: "refused", code: "OUT_OF_STOCK" });
    await test.sql`update sales set ends_at = clock_timestamp() + interval '1 hour' where id = ${saleId}`;
  });

  it("refuses a key that stands for another item or another quantity, and changes nothing", async () => {
    const { itemIds } = await makeSale(test.database, [{ stock: 5 }, { stock: 5 }]);
    const [item = 0, other = 0] = itemIds;
    await buy(item, { key: "mine" });
    expect(await buy(other, { key: "mine" })).toMatchObject({ code: "KEY_REUSED", replayed: false });
    expect(await buy(item, { key: "mine", quantity: 2 })).toMatchObject({ code: "KEY_REUSED" });
    expect(await buy(999_999, { key: "mine" })).toMatchObject({ code: "KEY_REUSED" });
    expect(await remainingOf(item)).toBe(4);
    expect(await remainingOf(other)).toBe(5);
  });

  it("keeps the keys of two buyers apart", async () => {
    const item = await makeItem(test.database, { stock: 5 });
    const other = await makeBuyer(test.database);
    const [first, second] = await Promise.all([buy(item, { key: "k" }), buy(item, { key: "k", userId: other })]);
    expect([first.replayed, second.replayed]).toEqual([false, false]);
    expect(await remainingOf(item)).toBe(3);
  });

  it("refuses an item that does not exist, and stores nothing", async () => {
    expect(await buy(999_999, { key: "nowhere" })).toMatchObject({ code: "ITEM_NOT_FOUND" });
    expect(await byKey(test.database, buyer, "nowhere")).toBeNull();
  });

  it.each<[string, Terms]>([
    ["SALE_NOT_STARTED", { startsInMs: 60_000 }],
    ["SALE_ENDED", { endsInMs: -1_000 }],
  ])("refuses outside the sale's window: %s", async (code, window) => {
    const item = await makeItem(test.database, { stock: 5 }, window);
    expect(await buy(item)).toMatchObject({ code });
    expect(await remainingOf(item)).toBe(5);
  });

  it("refuses a buyer who is not active", async () => {
    const item = await makeItem(test.database, { stock: 5 });
    await test.sql`update users set active = false where id = ${buyer}`;
    expect(await buy(item)).toMatchObject({ code: "CUSTOMER_INACTIVE" });
  });

  it("can be looked up by its key, and is listed newest first", async () => {
    const item = await makeItem(test.database, { stock: 5 });
    expect(await byKey(test.database, buyer, "one")).toBeNull();
    const one = await buy(item, { key: "one" });
    const two = await buy(item, { key: "two" });
    expect(await byKey(test.database, buyer, "one")).toEqual({ ...one, replayed: true });
    const page = await mine(test.database, buyer, { limit: 1 });
    expect(page.items).toMatchObject([{ purchaseId: "purchaseId" in two && two.purchaseId, itemName: "Item 0" }]);
    const rest = await mine(test.database, buyer, { limit: 1, cursor: page.nextCursor });
    expect(rest).toMatchObject({ items: [{ purchaseId: "purchaseId" in one && one.purchaseId }], nextCursor: null });
  });
});

describe("a refund", () => {
  it("gives units and money back once, however often and by whomever it is asked for", async () => {
    const item = await makeItem(test.database, { stock: 10, priceCents: 1_500 });
    const purchase = await buy(item, { quantity: 2 });
    const purchaseId = "purchaseId" in purchase ? purchase.purchaseId : "";
    const operators = await Promise.all([makeOperator(test.database), makeOperator(test.database)]);
    const requests = Array.from({ length: 20 }, (_, index) =>
      refund(services(), operators[index % 2] ?? "", { purchaseId, idempotencyKey: `k${index % 4}` }),
    );
    const results = await Promise.all(requests);
    expect(results.filter((result) => result.outcome === "refunded" && !result.replayed)).toHaveLength(1);
    const refusals = results.filter((result) => result.outcome === "refused");
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: "ALREADY_REFUNDED" });
    const replays = results.filter((result) => result.replayed);
    expect(replays.length + refusals.length).toBe(19);
    expect(await remainingOf(item)).toBe(10);
    expect(await balanceOf(buyer)).toBe(10_000);
  });

  it("frees the limit per customer, keeps positions, and puts the unit up for sale again", async () => {
    const item = await makeItem(test.database, { stock: 1, limitPerCustomer: 1 });
    const operator = await makeOperator(test.database);
    const purchase = await buy(item);
    expect(await buy(item)).toMatchObject({ code: "OUT_OF_STOCK" });
    await refund(services(), operator, {
      purchaseId: "purchaseId" in purchase ? purchase.purchaseId : "",
      idempotencyKey: "r",
    });
    expect(await buy(item)).toMatchObject({ outcome: "purchased", position: 2, remaining: 0 });
    const { items } = await mine(test.database, buyer, { limit: 10 });
    expect(items.map((one) => one.refundedAt !== null)).toEqual([false, true]);
  });

  it("refuses a key that stands for another refund, also when both are asked for at once", async () => {
    const { itemIds } = await makeSale(test.database, [{ stock: 5 }, { stock: 5 }]);
    const operator = await makeOperator(test.database);
    const purchases = await Promise.all(itemIds.map((item) => buy(item)));
    const results = await Promise.all(
      purchases.map((purchase) =>
        refund(services(), operator, {
          purchaseId: "purchaseId" in purchase ? purchase.purchaseId : "",
          idempotencyKey: "same",
        }),
      ),
    );
    expect(results.map((result) => ("code" in result ? result.code : result.outcome)).toSorted()).toEqual([
      "KEY_REUSED",
      "refunded",
    ]);
  });

  it("keeps its reason, shows it to the buyer, and takes another reason under the same key for another request", async () => {
    const item = await makeItem(test.database, { stock: 5 });
    const operator = await makeOperator(test.database);
    const [told, untold] = [await buy(item), await buy(item)].map((purchase) =>
      "purchaseId" in purchase ? purchase.purchaseId : "",
    );
    const give = (purchaseId = "", idempotencyKey = "", reason?: string) =>
      refund(services(), operator, { purchaseId, idempotencyKey, ...(reason && { reason }) });
    expect(await give(told, "a", "Charged twice")).toMatchObject({ outcome: "refunded", replayed: false });
    expect(await give(told, "a", "Charged twice")).toMatchObject({ outcome: "refunded", replayed: true });
    expect(await give(told, "a", "Broken")).toMatchObject({ code: "KEY_REUSED" });
    expect(await give(told, "a")).toMatchObject({ code: "KEY_REUSED" });
    expect(await give(untold, "b")).toMatchObject({ outcome: "refunded", replayed: false });
    expect(await give(untold, "b")).toMatchObject({ outcome: "refunded", replayed: true });
    expect(await give(untold, "b", "Broken")).toMatchObject({ code: "KEY_REUSED" });

    const { items } = await mine(test.database, buyer, { limit: 2 });
    expect(items.map((purchase) => purchase.refundedBecause)).toEqual(["Refunded by the shop", "Charged twice"]);
    const audited = await test.sql`
      select subject, details ->> 'reason' as reason from audit_log where actor_id = ${operator} order by id
    `;
    expect(audited).toEqual([
      { subject: `purchase:${told}`, reason: "Charged twice" },
      { subject: `purchase:${untold}`, reason: null },
    ]);
  });

  it("refuses a purchase that does not exist, and one that was refused", async () => {
    const item = await makeItem(test.database, { stock: 0 });
    const operator = await makeOperator(test.database);
    await buy(item, { key: "refused" });
    const [attempt] = await test.sql`select id from purchase_attempts where user_id = ${buyer}`;
    for (const purchaseId of [crypto.randomUUID(), attempt?.id]) {
      const result = await refund(services(), operator, { purchaseId, idempotencyKey: crypto.randomUUID() });
      expect(result).toMatchObject({ outcome: "refused", code: "PURCHASE_NOT_FOUND" });
    }
  });
});

describe("the records of money", () => {
  it("cannot be changed or removed, whoever tries", async () => {
    const item = await makeItem(test.database, { stock: 1 });
    await buy(item);
    for (const table of ["purchase_attempts", "refunds", "credits", "stock_adjustments", "audit_log"]) {
      const message = `rows of ${table} are never changed or removed`;
      await expect(test.sql.unsafe(`delete from ${table}`)).rejects.toThrow(message);
      await expect(test.sql.unsafe(`truncate ${table} cascade`)).rejects.toThrow("never changed or removed");
    }
    await expect(test.sql`update purchase_attempts set quantity = quantity`).rejects.toThrow("never changed");
  });

  it("always name somebody and something that is still there", async () => {
    for (const table of ["users", "wallets", "items"]) {
      await expect(test.sql.unsafe(`delete from ${table}`)).rejects.toThrow(`rows of ${table} are never removed`);
      await expect(test.sql.unsafe(`truncate ${table} cascade`)).rejects.toThrow("never");
    }
  });
});

it("tells its observer of each batch once, with every result and with times that fit into each other", async () => {
  const batches: SettledBatch[] = [];
  const failed = vi.fn();
  const batcher = new PurchaseBatcher(test.database, {
    observer: { settled: (batch) => void batches.push(batch), failed },
  });
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
  expect(failed).not.toHaveBeenCalled();
  await batcher.close();
});

function buy(itemId: number, { key = crypto.randomUUID() as string, quantity = 1, userId = buyer } = {}) {
  return batcher.buy({ userId, itemId, quantity, idempotencyKey: key });
}

function services() {
  return { database: test.database, liveSales: recordingLiveSales() };
}

async function remainingOf(item: number): Promise<number> {
  const [row] = await test.sql`select remaining from items where id = ${item}`;
  return row?.remaining;
}

async function balanceOf(userId: string): Promise<number> {
  const [row] = await test.sql`select balance_cents::int as balance from wallets where user_id = ${userId}`;
  return row?.balance;
}
