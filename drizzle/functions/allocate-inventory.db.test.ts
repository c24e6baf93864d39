import type { Sql } from "postgres";
import { beforeEach, describe, expect, it } from "vitest";
import { MAIN_WAREHOUSE_ID, makeBuyer, makeProducts, makeWarehouse } from "../../server/testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../server/testing/test-database.ts";
import { connect, expectReconciled } from "./orders.fixture.ts";

/** `allocate_inventory` alone, on orders that are stored by hand. */
let test: TestDatabase;
let lamp: number;
let chair: number;
let vase: number;
let second: number;

beforeEach(async () => {
  test = await createTestDatabase();
  second = await makeWarehouse(test.database);
  [lamp = 0, chair = 0, vase = 0] = await makeProducts(test.database, [
    { units: { [MAIN_WAREHOUSE_ID]: 5, [second]: 1 } },
    { units: 5 },
    { units: {} },
  ]);
  return () => test[Symbol.asyncDispose]();
});

describe("allocate_inventory", () => {
  it.each([
    [
      "takes units of every product",
      () => [
        [lamp, 5],
        [chair, 1],
      ],
      true,
    ],
    [
      "sums the lines of one product",
      () => [
        [lamp, 2],
        [chair, 5],
        [lamp, 3],
      ],
      true,
    ],
    [
      "takes nothing when the lines of one product are too much together",
      () => [
        [chair, 1],
        [lamp, 2],
        [lamp, 4],
      ],
      false,
    ],
    [
      "takes nothing when one of several products is short",
      () => [
        [chair, 1],
        [lamp, 6],
      ],
      false,
    ],
    [
      "takes nothing when a product is not kept there",
      () => [
        [chair, 1],
        [vase, 1],
      ],
      false,
    ],
    ["takes nothing for an order without lines", () => [], false],
  ] as [string, () => [number, number][], boolean][])("%s", async (_, wanted, allocated) => {
    await undone(async (sql) => {
      const before = await units(sql);
      const orderId = await storeOrder(sql, wanted());
      expect(await allocate(sql, orderId)).toBe(allocated);
      const expected = new Map(before);
      if (allocated) for (const [id, count] of wanted()) expected.set(id, (expected.get(id) ?? 0) - count);
      expect(await units(sql)).toEqual(expected);
      expect(await sql`select inventory_updated from orders`).toEqual([{ inventory_updated: allocated }]);
    });
    await expectReconciled(test);
  });

  it("takes from the warehouse that it is told", async () => {
    await undone(async (sql) => {
      expect(await allocate(sql, await storeOrder(sql, [[lamp, 2]]), second)).toBe(false);
      expect(await allocate(sql, await storeOrder(sql, [[lamp, 1]]), second)).toBe(true);
      expect(await sql`select units from inventory where warehouse_id = ${second}`).toEqual([{ units: 0 }]);
    });
  });

  it("takes nothing for an order that does not exist", async () => {
    expect(await allocate(test.sql, 999)).toBe(false);
  });

  it("serves an order once, however many try at once", async () => {
    await using callers = connect(test, {}, 10);
    const orderId = await test.sql.begin((sql) => storeOrder(sql as unknown as Sql, [[lamp, 1]]));
    const answers = await Promise.all(Array.from({ length: 10 }, () => allocate(callers.sql, orderId)));
    expect(answers.filter((allocated) => allocated)).toHaveLength(1);
    expect((await units(test.sql)).get(lamp)).toBe(4);
  });
});

/** An order that is not paid does not belong in the books, so what is done here is taken back. */
async function undone(work: (sql: Sql) => Promise<void>): Promise<void> {
  const undo = new Error("undo");
  const attempt = test.sql.begin(async (sql) => {
    await work(sql as unknown as Sql);
    throw undo;
  });
  await attempt.catch((error: unknown) => {
    if (error !== undo) throw error;
  });
}

async function storeOrder(sql: Sql, wanted: [number, number][]): Promise<number> {
  const buyer = await makeBuyer(test.database);
  const [order] = await sql<{ id: number }[]>`
    insert into orders (customer_id, warehouse_id, request_id, fingerprint, amount_cents)
    values (${buyer}, ${MAIN_WAREHOUSE_ID}, 'r', '', 0)
    returning id::int`;
  const orderId = order?.id ?? 0;
  for (const [index, [productId, quantity]] of wanted.entries()) {
    await sql`insert into order_items values (${orderId}, ${index + 1}, ${productId}, 'A product', 0, ${quantity})`;
  }
  return orderId;
}

async function allocate(sql: Sql, orderId: number, warehouseId = MAIN_WAREHOUSE_ID): Promise<unknown> {
  const [row] = await sql`select allocate_inventory(${orderId}, ${warehouseId}) as allocated`;
  return row?.allocated;
}

/** Of the main warehouse, by product. */
async function units(sql: Sql): Promise<Map<number, number>> {
  const rows = await sql<{ id: number; units: number }[]>`
    select product_id::int as id, units from inventory where warehouse_id = ${MAIN_WAREHOUSE_ID}`;
  return new Map(rows.map((row) => [row.id, row.units]));
}
