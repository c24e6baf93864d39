import { beforeEach, expect, it } from "vitest";
import { makeBuyer, makeBuyers, makeOperator, makeProducts } from "../../server/testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../server/testing/test-database.ts";
import { audited, cancel, connect, expectReconciled, lines, place } from "./orders.fixture.ts";

/** Many callers on as many connections, let go together. */
const CONNECTIONS = 20;

let test: TestDatabase;
let callers: ReturnType<typeof connect>;

beforeEach(async () => {
  test = await createTestDatabase();
  callers = connect(test, {}, CONNECTIONS);
  // All of them connected first, so that they start together.
  await Promise.all(Array.from({ length: CONNECTIONS }, () => callers.sql`select pg_sleep(0.05)`));
  return async () => {
    await callers[Symbol.asyncDispose]();
    await test[Symbol.asyncDispose]();
  };
});

it("serves 200 orders of the same products in opposite order without a deadlock", async () => {
  const buyers = await makeBuyers(test.database, 200);
  const products = await makeProducts(
    test.database,
    Array.from({ length: 10 }, () => ({ units: 1_000, priceCents: 1 })),
  );
  const wanted = products.map((id): [number, number] => [id, 1]);
  const results = await Promise.all(
    buyers.map((customerId, index) =>
      place(callers.sql, { customerId, lines: lines(...(index % 2 ? wanted : wanted.toReversed())) }),
    ),
  );
  expect(results.filter(({ success }) => !success)).toEqual([]);
  expect(await units()).toEqual(products.map(() => 800));
  await expectReconciled(test);
});

it("serves 40 of 100 orders for stock of 40, each of them wholly or not at all", async () => {
  const buyers = await makeBuyers(test.database, 100);
  const [plenty = 0, scarce = 0] = await makeProducts(test.database, [
    { units: 1_000, priceCents: 1 },
    { units: 40, priceCents: 1 },
  ]);
  const results = await Promise.all(
    buyers.map((customerId) => place(callers.sql, { customerId, lines: lines([plenty, 2], [scarce, 1], [plenty, 1]) })),
  );
  expect(results.filter(({ success }) => success)).toHaveLength(40);
  expect(results.filter(({ error_code }) => error_code === "SQLITE_BUSY")).toHaveLength(60);
  expect(await units()).toEqual([1_000 - 40 * 3, 0]);
  expect(await test.sql`select from order_items`).toHaveLength(40 * 3);
  expect(await audited(test.sql)).toHaveLength(100);
  await expectReconciled(test);
});

it("makes one order of a request that comes 20 times at once", async () => {
  const customerId = await makeBuyer(test.database, { balanceCents: 1_000 });
  const [lamp = 0] = await makeProducts(test.database, [{ units: 100, priceCents: 10 }]);
  const results = await Promise.all(
    Array.from({ length: 20 }, () => place(callers.sql, { customerId, lines: lines([lamp, 1]), requestId: "once" })),
  );
  const orderIds = new Set(results.map(({ order_id }) => order_id));
  expect(results.filter(({ success }) => success)).toHaveLength(1);
  expect(results.filter(({ error_code }) => error_code === "SQLITE_CONSTRAINT")).toHaveLength(19);
  expect(orderIds.size).toBe(1);
  expect(await units()).toEqual([99]);
  expect(await test.sql`select balance_cents from wallets`).toEqual([{ balance_cents: "990" }]);
  expect(await audited(test.sql)).toHaveLength(20);
  await expectReconciled(test);
});

it("keeps the request ids of customers apart", async () => {
  const buyers = await makeBuyers(test.database, 20);
  const [lamp = 0] = await makeProducts(test.database, [{ units: 100 }]);
  const results = await Promise.all(
    buyers.map((customerId) => place(callers.sql, { customerId, lines: lines([lamp, 1]), requestId: "same" })),
  );
  expect(results.filter(({ success }) => success)).toHaveLength(20);
});

it("gives one order back once, however many ask at once and under whatever request id", async () => {
  const customerId = await makeBuyer(test.database, { balanceCents: 1_000 });
  const actorId = await makeOperator(test.database);
  const [lamp = 0] = await makeProducts(test.database, [{ units: 10, priceCents: 10 }]);
  const { order_id } = await place(test.sql, { customerId, lines: lines([lamp, 3]) });
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      cancel(callers.sql, { orderId: order_id, actorId: index % 3 ? actorId : null, requestId: `r${index % 4}` }),
    ),
  );
  expect(results.filter(({ success }) => success)).toHaveLength(1);
  expect(results.filter(({ error_code }) => error_code === "SQLITE_CONSTRAINT")).toHaveLength(19);
  expect(new Set(results.map((result) => result.order_id))).toEqual(new Set([order_id]));
  expect(await units()).toEqual([10]);
  expect(await test.sql`select balance_cents from wallets order by 1 desc limit 1`).toEqual([
    { balance_cents: "1000" },
  ]);
  await expectReconciled(test);
});

it("gives orders back while the same products are ordered, without a deadlock", async () => {
  const buyers = await makeBuyers(test.database, 60);
  const products = await makeProducts(
    test.database,
    Array.from({ length: 5 }, () => ({ units: 200, priceCents: 1 })),
  );
  const wanted = products.map((id): [number, number] => [id, 1]);
  const results = await Promise.all(
    buyers.map(async (customerId, index) => {
      const placed = await place(callers.sql, {
        customerId,
        lines: lines(...(index % 2 ? wanted : wanted.toReversed())),
      });
      return cancel(callers.sql, { orderId: placed.order_id });
    }),
  );
  expect(results.filter(({ success }) => !success)).toEqual([]);
  expect(await units()).toEqual(products.map(() => 200));
  await expectReconciled(test);
});

async function units(): Promise<number[]> {
  const rows = await test.sql<{ units: number }[]>`select units from inventory order by product_id`;
  return rows.map((row) => row.units);
}
