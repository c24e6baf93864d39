import { afterAll, beforeAll, expect, it } from "vitest";
import type { CreateSaleInput } from "../../shared/sales.ts";
import { reconcile } from "../operations/reconcile.ts";
import { MAIN_WAREHOUSE_ID, makeBuyers, makeOperator, makeProducts, makeWarehouse } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { adjustStock } from "./adjust-stock.ts";
import { createSale } from "./create.ts";
import { recordingLiveSales } from "./live/live-sales.fixture.ts";

/** Sales take their units out of the same inventory as orders do. */
let test: TestDatabase;
let operator: string;
let harbour: number;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 8 });
  operator = await makeOperator(test.database);
  harbour = await makeWarehouse(test.database, "Harbour warehouse");
});

afterAll(async () => {
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
  await test[Symbol.asyncDispose]();
});

it("takes the units of each item out of the warehouse that it names, else out of the first", async () => {
  const [lamp = 0, kettle = 0] = await makeProducts(test.database, [
    { name: "Lamp", units: { [MAIN_WAREHOUSE_ID]: 10, [harbour]: 10 } },
    { name: "Kettle", units: 10 },
  ]);
  const sale = await plan([
    { productId: lamp, priceCents: 100, stock: 3 },
    { productId: kettle, priceCents: 100, stock: 10 },
    { productId: lamp, warehouseId: harbour, name: "Lamp from the harbour", priceCents: 100, stock: 4 },
    { productId: lamp, priceCents: 100, stock: 2 },
  ]);
  expect(sale.items.map((item) => item.remaining)).toEqual([3, 10, 4, 2]);
  expect(await unitsOf(lamp)).toEqual({ [MAIN_WAREHOUSE_ID]: 5, [harbour]: 6 });
  expect(await unitsOf(kettle)).toEqual({ [MAIN_WAREHOUSE_ID]: 0 });
});

it("takes nothing at all when a product is short, and says which and by how much", async () => {
  const [lamp = 0, kettle = 0, watch = 0] = await makeProducts(test.database, [
    { name: "Lamp", units: 10 },
    { name: "Kettle", units: 10 },
    { name: "Watch", units: { [harbour]: 10 } },
  ]);
  const before = await rowCounts();
  const planning = plan([
    { name: "New", priceCents: 100, stock: 5 },
    { productId: lamp, priceCents: 100, stock: 10 },
    { productId: kettle, priceCents: 100, stock: 6 },
    { productId: kettle, priceCents: 100, stock: 7 },
    { productId: watch, priceCents: 100, stock: 1_001 },
  ]);
  await expect(planning).rejects.toMatchObject({
    code: "INSUFFICIENT_STOCK",
    message: 'Main warehouse has 10 of "Kettle", 3 too few; Main warehouse has 0 of "Watch", 1,001 too few.',
  });
  expect(await rowCounts()).toEqual(before);
  expect(await unitsOf(lamp)).toEqual({ [MAIN_WAREHOUSE_ID]: 10 });
});

it("names the first five that are short, and counts the others", async () => {
  const ids = await makeProducts(
    test.database,
    Array.from({ length: 7 }, () => ({})),
  );
  const planning = plan(ids.map((productId) => ({ productId, priceCents: 100, stock: 1 })));
  await expect(planning).rejects.toMatchObject({
    message: expect.stringMatching(/; and 2 more products are short\.$/),
  });
});

it("knows no product and no warehouse that is not there", async () => {
  const [lamp = 0] = await makeProducts(test.database, [{ units: 10 }]);
  await expect(plan([{ productId: 4_711, priceCents: 100, stock: 1 }])).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(plan([{ productId: lamp, warehouseId: 4_711, priceCents: 100, stock: 1 }])).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("items[0]: there is no warehouse"),
  });
});

it("makes the product of an item that has only a name, and receives its units where it is told", async () => {
  const { items } = await plan([
    { name: "Numbered print", warehouseId: harbour, priceCents: 4_200, stock: 6 },
    { name: "Sold elsewhere", priceCents: 100, stock: 0 },
  ]);
  const [print, none] = items.map((item) => item.productId);
  expect(await test.sql`select price_cents, only_in_sales from products where id = ${print ?? 0}`).toEqual([
    { price_cents: "4200", only_in_sales: true },
  ]);
  expect(await test.sql`select units, actor_id from receipts where product_id = ${print ?? 0}`).toEqual([
    { units: 6, actor_id: operator },
  ]);
  expect(await unitsOf(print)).toEqual({ [harbour]: 0 });
  expect(await unitsOf(none)).toEqual({});
});

it("gives an item units of the inventory, and gives back what is withdrawn", async () => {
  const [lamp = 0] = await makeProducts(test.database, [{ name: "Lamp", units: { [harbour]: 10 } }]);
  const sale = await plan([{ productId: lamp, warehouseId: harbour, priceCents: 100, stock: 4 }]);
  const itemId = sale.items[0]?.id ?? 0;
  expect(await adjust(itemId, 6)).toMatchObject({ allotted: 10, remaining: 10 });
  await expect(adjust(itemId, 1)).rejects.toMatchObject({
    code: "INSUFFICIENT_STOCK",
    message: 'Harbour warehouse has 0 of "Lamp", 1 too few.',
  });
  expect(await adjust(itemId, -7)).toMatchObject({ allotted: 3, remaining: 3 });
  expect(await unitsOf(lamp)).toEqual({ [harbour]: 7 });
});

it("receives for a product that is only in sales what the inventory lacks, and no more", async () => {
  const sale = await plan([{ name: "Print", priceCents: 100, stock: 10 }]);
  const { id: itemId = 0, productId } = sale.items[0] ?? {};
  await adjust(itemId, -6);
  expect(await unitsOf(productId)).toEqual({ [MAIN_WAREHOUSE_ID]: 6 });
  await adjust(itemId, 4);
  expect(await unitsOf(productId)).toEqual({ [MAIN_WAREHOUSE_ID]: 2 });
  await adjust(itemId, 5);
  expect(await unitsOf(productId)).toEqual({ [MAIN_WAREHOUSE_ID]: 0 });
  expect(await test.sql`select units from receipts where product_id = ${productId ?? 0} order by id`).toEqual([
    { units: 10 },
    { units: 3 },
  ]);
});

it("promises each unit once when sales and orders want the same ones at once, all of a basket or nothing", async () => {
  const buyers = await makeBuyers(test.database, 4);
  for (let round = 0; round < 25; round++) {
    // Enough for one of the eight.
    const both = await makeProducts(test.database, [{ units: 5 }, { units: 5 }]);
    const [sales, orders] = await Promise.all([
      Promise.allSettled(
        buyers.map((_, index) =>
          plan(inTurn(both, index).map((productId) => ({ productId, priceCents: 100, stock: 3 }))),
        ),
      ),
      Promise.all(buyers.map((buyer, index) => order(buyer, inTurn(both, index), 3))),
    ]);
    for (const sale of sales) {
      if (sale.status === "rejected") expect(sale.reason).toMatchObject({ code: "INSUFFICIENT_STOCK" });
    }
    const planned = sales.filter((sale) => sale.status === "fulfilled").length;
    expect(planned + orders.filter(Boolean).length).toBe(1);
    for (const productId of both) expect(await unitsOf(productId)).toEqual({ [MAIN_WAREHOUSE_ID]: 2 });
  }
});

it("never waits in a circle: sales, adjustments and orders of the same products in opposite order, 200 times", async () => {
  const ids = await makeProducts(test.database, [{ units: 10_000 }, { units: 10_000 }, { units: 10_000 }]);
  const [buyer = ""] = await makeBuyers(test.database, 1);
  const itemsOf = (order: readonly number[]) => order.map((productId) => ({ productId, priceCents: 100, stock: 1 }));
  const sale = await plan(itemsOf(ids));
  const retriesBefore = test.database.stats().retries;
  for (let round = 0; round < 200; round += 4) {
    await Promise.all(
      Array.from({ length: 4 }, (_, index) => {
        const there = inTurn(ids, index);
        return [
          plan(itemsOf(there)),
          order(buyer, there.toReversed(), 1),
          adjust(sale.items[index % 3]?.id ?? 0, index % 2 ? 2 : 1),
        ];
      }).flat(),
    );
  }
  // A deadlock would have been solved by a retry, and have cost a second.
  expect(test.database.stats().retries).toBe(retriesBefore);
  const left = await Promise.all(ids.map(async (id) => (await unitsOf(id))[MAIN_WAREHOUSE_ID] ?? 0));
  expect(left.reduce((sum, units) => sum + units)).toBe(30_000 - 3 - 200 * 3 - 200 * 3 - 300);
});

function plan(items: CreateSaleInput["items"]) {
  const now = Date.now();
  return createSale({ database: test.database, liveSales: recordingLiveSales() }, operator, {
    name: "A sale",
    startsAt: new Date(now - 60_000).toISOString(),
    endsAt: new Date(now + 3_600_000).toISOString(),
    items,
  });
}

function adjust(itemId: number, change: number) {
  const input = { itemId, change, reason: "counted", idempotencyKey: crypto.randomUUID() };
  return adjustStock({ database: test.database, liveSales: recordingLiveSales() }, operator, input);
}

/** Whether the order was placed. */
async function order(buyer: string, productIds: readonly number[], quantity: number): Promise<boolean> {
  const lines = JSON.stringify(productIds.map((product_id) => ({ product_id, quantity })));
  const [placed] = await test.sql`
    select success from place_order(${buyer}, ${MAIN_WAREHOUSE_ID}, ${lines}::text::jsonb, ${crypto.randomUUID()})
  `;
  return placed?.success;
}

/** Every second time the other way round. */
function inTurn<Element>(array: readonly Element[], index: number): Element[] {
  return index % 2 ? array.toReversed() : [...array];
}

/** Units in the inventory by warehouse. */
async function unitsOf(productId = 0): Promise<Record<number, number>> {
  const rows = await test.sql`select warehouse_id::int, units from inventory where product_id = ${productId}`;
  return Object.fromEntries(rows.map((row) => [row.warehouse_id, row.units]));
}

async function rowCounts() {
  return test.sql`
    select (select count(*) from products) as products, (select count(*) from sales) as sales,
      (select count(*) from items) as items, (select count(*) from receipts) as receipts,
      (select count(*) from stock_adjustments) as adjustments, (select count(*) from audit_log) as audited
  `;
}
