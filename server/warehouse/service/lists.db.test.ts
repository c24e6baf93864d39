import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InventoryUpdate, Taken, WarehouseProduct } from "../../../shared/warehouse.ts";
import { inventoryUpdateSchema, warehouseProductSchema } from "../../../shared/warehouse.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { startTestWarehouse, type TestWarehouse } from "./warehouse.fixture.ts";

let test: TestDatabase;
let warehouse: TestWarehouse;

beforeAll(async () => {
  test = await createTestDatabase();
  warehouse = await startTestWarehouse(test);
  await warehouse.receive("goods", [
    [3, 30],
    [1, 10],
    [2, 20],
  ]);
  for (const n of [1, 2, 3]) await warehouse.dispatch(`d-${n}`, [[1, n]], `order-${n}`);
  await warehouse.dispatch("d-4", [
    [2, 1],
    [3, 1],
  ]);
});

afterAll(async () => {
  await warehouse.close();
  await test[Symbol.asyncDispose]();
});

/** All pages after one another. */
async function all<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { body } = await warehouse.send(`${path}${cursor && `&cursor=${cursor}`}`);
    items.push(...body.items);
    cursor = body.nextCursor;
  }
  return items;
}

describe("the stock", () => {
  it("is listed in the order of products, page by page", async () => {
    const items = await all<WarehouseProduct>("/inventory?limit=2");
    expect(items.map((item) => warehouseProductSchema.parse(item))).toEqual(items);
    expect(items.map(({ productId, stockQuantity }) => [productId, stockQuantity])).toEqual([
      [1, 4],
      [2, 19],
      [3, 29],
    ]);
  });

  it("is found by a part of the name in any case, taken literally, and by the id", async () => {
    const found = async (search: string) => {
      const items = await all<WarehouseProduct>(`/inventory?search=${encodeURIComponent(search)}`);
      return items.map(({ productId }) => productId);
    };
    expect(await found("pRODUCT 2")).toEqual([2]);
    expect(await found("3")).toEqual([3]);
    expect(await found("")).toEqual([1, 2, 3]);
    expect(await found("%")).toEqual([]);
  });
});

describe("the history", () => {
  it("has the newest first, page by page", async () => {
    const items = await all<InventoryUpdate>("/inventory/updates?limit=3");
    expect(items.map((item) => inventoryUpdateSchema.parse(item))).toEqual(items);
    expect(items).toHaveLength(8);
    expect(items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).toSorted((a, b) => b - a));
    expect(items.at(-1)).toMatchObject({ productId: 1, quantityChange: 10, previousStock: 0, newStock: 10 });
  });

  it("goes on after an id, the oldest first", async () => {
    const backwards = await all<InventoryUpdate>("/inventory/updates?limit=100");
    const afterId = backwards.at(2)?.id;
    const newest = backwards.slice(0, 2).toReversed();
    expect(await all(`/inventory/updates?limit=1&afterId=${afterId}`)).toEqual(newest);
    expect(await all("/inventory/updates?limit=3&afterId=0")).toEqual(backwards.toReversed());
  });

  it("can be had of one product, and of one reference", async () => {
    const ofProduct = await all<InventoryUpdate>("/inventory/updates?limit=2&productId=1");
    expect(ofProduct.map(({ quantityChange, newStock }) => [quantityChange, newStock])).toEqual([
      [-3, 4],
      [-2, 7],
      [-1, 9],
      [10, 10],
    ]);
    const ofReference = await all<InventoryUpdate>("/inventory/updates?reference=order-2");
    expect(ofReference).toMatchObject([
      { productId: 1, productName: "Product 1", quantityChange: -2, idempotencyKey: "d-2", traceId: null },
    ]);
  });
});

describe("what was taken", () => {
  it("is told of many references at once, by product, with how often", async () => {
    const taken = async (...references: string[]) => {
      const { body } = await warehouse.send("/inventory/taken", { body: { references } });
      return body.items.toSorted(
        (a: Taken, b: Taken) => a.reference.localeCompare(b.reference) || a.productId - b.productId,
      );
    };
    await warehouse.dispatch("d-2-again", [[1, 1]], "order-2");
    expect(await taken("order-1", "order-2", "goods", "unknown")).toEqual([
      { reference: "goods", productId: 1, units: -10, times: 1 },
      { reference: "goods", productId: 2, units: -20, times: 1 },
      { reference: "goods", productId: 3, units: -30, times: 1 },
      { reference: "order-1", productId: 1, units: 1, times: 1 },
      { reference: "order-2", productId: 1, units: 3, times: 2 },
    ]);
    expect(await taken("unknown")).toEqual([]);
    const tooMany = { body: { references: Array(1_001).fill("order-1") } };
    expect(await warehouse.send("/inventory/taken", tooMany)).toMatchObject({ status: 400 });
  });
});

describe("goods in", () => {
  it("make a product, and later tell it anew, but for what they leave empty", async () => {
    const receive = (key: string, line: object) =>
      warehouse.send("/inventory/receive", {
        headers: { "idempotency-key": key },
        body: { reference: key, lines: [{ productId: 50, quantity: 1, ...line }] },
      });
    await receive("first", { name: "Lamp", description: "Bright", priceCents: 999 });
    await receive("second", { name: "Desk lamp" });
    const [product] = await all<WarehouseProduct>("/inventory?search=50");
    expect(product).toMatchObject({ name: "Desk lamp", description: "Bright", priceCents: 999, stockQuantity: 2 });
  });

  it("are the same under their key when only the words about the product have changed", async () => {
    const receive = (name: string) =>
      warehouse.send("/inventory/receive", {
        headers: { "idempotency-key": "renamed" },
        body: { reference: "renamed", lines: [{ productId: 51, quantity: 5, name }] },
      });
    expect((await receive("Old")).body).toMatchObject({ replayed: false });
    expect(await receive("New")).toMatchObject({ status: 200, body: { replayed: true } });
    expect(await warehouse.stockOf(51)).toBe(5);
  });

  it("are refused beyond what a stock can count, and nothing has changed", async () => {
    await test.sql`update warehouse.products set stock_quantity = 9007199254740990 where product_id = 3`;
    const { status, body } = await warehouse.receive("too-many", [
      [2, 1],
      [3, 2],
    ]);
    expect([status, body]).toMatchObject([400, { code: "INVALID_INPUT" }]);
    expect(await warehouse.stockOf(2)).toBe(19);
  });
});
