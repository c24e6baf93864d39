import { beforeEach, describe, expect, it } from "vitest";
import { makeBuyer, makeProducts, makeWarehouse } from "../../server/testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../server/testing/test-database.ts";
import { audited, connect, counts, expectReconciled, lines, type OrderResult, place } from "./orders.fixture.ts";

let test: TestDatabase;
let buyer: string;
let second: number;
let third: number;

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

beforeEach(async () => {
  test = await createTestDatabase();
  buyer = await makeBuyer(test.database, { balanceCents: 10_000 });
  second = await makeWarehouse(test.database, "Second");
  third = await makeWarehouse(test.database, "Third");
  return () => test[Symbol.asyncDispose]();
});

async function process(
  productId: number | null,
  quantity: number | null,
  requestId: string | null = crypto.randomUUID(),
) {
  const [row] = await test.sql<OrderResult[]>`
    select * from process_order(${buyer}, ${productId}, ${quantity}, ${requestId})`;
  return row as OrderResult;
}

describe("process_order", () => {
  it("sells from the warehouse with most units, the lowest id first among equals", async () => {
    const [lamp = 0] = await makeProducts(test.database, [{ units: { 1: 2, [second]: 4, [third]: 4 } }]);
    for (const quantity of [1, 1, 2, 1]) expect(await process(lamp, quantity)).toMatchObject({ success: true });
    const orders = await test.sql`select warehouse_id::int as "warehouseId" from orders order by id`;
    expect(orders.map(({ warehouseId }) => warehouseId)).toEqual([second, third, second, third]);
    await expectReconciled(test);
  });

  it("stores what was sold: name and price as they were, amount, balance, status and times", async () => {
    const [lamp = 0] = await makeProducts(test.database, [{ name: "Lamp", priceCents: 1_250, units: 9 }]);
    const { order_id: orderId, ...result } = await process(lamp, 3, "r");
    expect(result).toEqual({ success: true, error_code: null, message: `Order ${orderId} is paid.` });
    await test.sql`update products set name = 'Torch', price_cents = 1`;
    expect(await test.sql`select * from orders`).toEqual([
      {
        id: orderId,
        customer_id: buyer,
        warehouse_id: "1",
        status: "pending",
        inventory_updated: true,
        error_message: null,
        request_id: "r",
        fingerprint: `${lamp}x3`,
        amount_cents: "3750",
        currency: "EUR",
        balance_after_cents: "6250",
        paid_at: expect.any(Date),
        created_at: expect.any(Date),
        updated_at: expect.any(Date),
      },
    ]);
    expect(await test.sql`select * from order_items`).toEqual([
      { order_id: orderId, line: 1, product_id: String(lamp), product_name: "Lamp", price_cents: "1250", quantity: 3 },
    ]);
    expect(await audited(test.sql)).toMatchObject([
      {
        actorId: buyer,
        action: "orders.place",
        subject: `order:${orderId}`,
        outcome: "success",
        details: { requestId: "r" },
      },
    ]);
    await expectReconciled(test);
  });

  it.each([
    [
      "of the request's own, where that is a UUID",
      "01A1FDE5-4f9f-7000-8000-00000000abcd",
      "01a1fde54f9f7000800000000000abcd",
    ],
    ["of its owner and the request, where it is none", "mine", undefined],
  ])("stores the task that dispatches what was sold, with a trace id %s", async (_, requestId, traceId) => {
    const [lamp = 0, desk = 0] = await makeProducts(test.database, [{ units: 9 }, { units: 9 }]);
    const order = { customerId: buyer, lines: lines([desk, 2], [lamp, 1], [desk, 1]), requestId };
    const { order_id: orderId } = await place(test.sql, order);
    const [hashed] = await test.sql`select md5(${buyer + requestId}) as id`;
    expect(await test.sql`select * from tasks where kind = 'dispatch'`).toMatchObject([
      {
        ...{ task_id: `order-${orderId}`, status: "PENDING", attempts: 0, due_at: expect.any(Date) },
        payload: {
          reference: `order-${orderId}`,
          orderId: Number(orderId),
          lines: [
            { productId: desk, quantity: 2 },
            { productId: lamp, quantity: 1 },
            { productId: desk, quantity: 1 },
          ],
        },
        trace_id: traceId ?? hashed?.id,
      },
    ]);
    await expectReconciled(test);
  });

  it.each<[string, string | null, boolean]>([
    ["is the caller's, where it is one", TRACE, true],
    ["is made of the request, where the caller has none", null, false],
    ["is made of the request, where the caller's has capitals", TRACE.toUpperCase(), false],
    ["is made of the request, where the caller's is all zeros", "0".repeat(32), false],
    ["is made of the request, where the caller's goes on", `${TRACE}0`, false],
    ["is made of the request, where the caller's has a line more", `${TRACE}\n`, false],
  ])("stores the task with a trace id that %s, and keeps it when the request comes again", async (_, sent, isKept) => {
    const [lamp = 0] = await makeProducts(test.database, [{ units: 9 }]);
    const settle = (traceId: string | null) => test.sql`
      select success from settle_order(${buyer}, 1, ${lines([lamp, 1])}::text::jsonb, 'mine', p_trace_id => ${traceId})`;
    expect(await settle(sent)).toEqual([{ success: true }]);
    expect(await settle("f".repeat(32))).toEqual([{ success: false }]);
    const [hashed] = await test.sql`select md5(${`${buyer}mine`}) as id`;
    expect(await test.sql`select trace_id from tasks where kind = 'dispatch'`).toEqual([
      { trace_id: isKept ? sent : hashed?.id },
    ]);
  });

  it("stores no task for what it refuses, nor a second one for a request that comes again", async () => {
    const [lamp = 0] = await makeProducts(test.database, [{ units: 2 }]);
    expect(await process(lamp, 3)).toMatchObject({ success: false });
    expect(await test.sql`select from tasks where kind = 'dispatch'`).toHaveLength(0);
    await process(lamp, 2, "r");
    expect(await process(lamp, 2, "r")).toMatchObject({ success: false });
    expect(await test.sql`select from tasks where kind = 'dispatch'`).toHaveLength(1);
    await expectReconciled(test);
  });

  it("knows a request again whatever warehouse it would choose by now", async () => {
    const [lamp = 0] = await makeProducts(test.database, [{ units: { 1: 3, [second]: 2 } }]);
    const { order_id } = await process(lamp, 2, "r");
    expect(await process(lamp, 2, "r")).toMatchObject({ success: false, error_code: "SQLITE_CONSTRAINT", order_id });
    expect(await process(lamp, 1, "r")).toMatchObject({ error_code: "SQLITE_CONSTRAINT", order_id: null });
  });

  it.each([
    ["no product", null, 1, "SQLITE_MISMATCH"],
    ["no quantity", 1, null, "SQLITE_MISMATCH"],
    ["a quantity of zero", 1, 0, "SQLITE_MISMATCH"],
    ["a negative quantity", 1, -1, "SQLITE_MISMATCH"],
    ["an unknown product", 999, 1, "SQLITE_NOTFOUND"],
    ["a product that nobody keeps", 2, 1, "SQLITE_NOTFOUND"],
    ["more than there is", 1, 6, "SQLITE_BUSY"],
  ] as const)("refuses and changes nothing: %s", async (_, productId, quantity, code) => {
    await makeProducts(test.database, [{ units: { [second]: 5 } }, { units: {} }]);
    const before = await counts(test.sql);
    expect(await process(productId, quantity)).toMatchObject({ success: false, order_id: null, error_code: code });
    expect(await counts(test.sql)).toEqual(before);
    expect(await audited(test.sql)).toMatchObject([{ outcome: "failure", details: { code } }]);
  });
});

describe("place_order", () => {
  it("runs as many statements for 1,000 lines as for one", async () => {
    const products = await makeProducts(
      test.database,
      Array.from({ length: 1_000 }, () => ({ units: 5, priceCents: 1 })),
    );
    await using one = connect(test, { track_functions: "all" });
    const calls = async (lineCount: number) => {
      const wanted = products.slice(0, lineCount).map((id): [number, number] => [id, 1]);
      expect(await place(one.sql, { customerId: buyer, lines: lines(...wanted) })).toMatchObject({ success: true });
      await one.sql`select pg_stat_force_next_flush()`;
      return one.sql`select funcname, calls::int from pg_stat_user_functions where funcname not like 'refuse_%' order by 1`;
    };
    const forOne = await calls(1);
    const forThousand = await calls(1_000);
    expect(forOne.length).toBeGreaterThan(5);
    expect(forThousand.map((row) => ({ ...row }))).toEqual(
      forOne.map(({ funcname, calls }) => ({ funcname, calls: 2 * calls })),
    );
    await expectReconciled(test);
  });

  it("reads the store that it was made in, not what a session puts before it", async () => {
    const [lamp = 0] = await makeProducts(test.database, [{ units: 5 }]);
    await using elsewhere = connect(test, { search_path: "pg_catalog" });
    await elsewhere.sql`create temporary table wallets as select * from shop.wallets`;
    await elsewhere.sql`create temporary table products as select * from shop.products`;
    const [row] = await elsewhere.sql`
      select * from shop.place_order(${buyer}, 1, ${lines([lamp, 1])}::text::jsonb, 'r')`;
    expect(row).toMatchObject({ success: true });
    await expectReconciled(test);
  });
});
