import { expect, it } from "vitest";
import type { SaleUpdate } from "../../../shared/sales.ts";
import { reconcile } from "../../operations/reconcile.ts";
import { settle } from "../../purchases/settle.ts";
import { eventually } from "../../testing/eventually.ts";
import { makeBuyers, makeOperator, makeSale } from "../../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { adjustStock } from "../adjust-stock.ts";
import { pauseSale } from "../pause.ts";
import { createLiveSales, type LiveSales } from "./live-sales.ts";

/** Longer than any test: what arrives, arrives by hints alone. */
const NEVER_MS = 3_600_000;

/** One server process' live watch on the database. */
async function openProcess(
  test: TestDatabase,
  options: { sweepMs?: number } = {},
): Promise<LiveSales & AsyncDisposable> {
  const database = await test.open();
  const liveSales = createLiveSales({
    database,
    databaseUrl: test.url,
    schema: test.schema,
    sweepMs: NEVER_MS,
    ...options,
  });
  await liveSales.listening;
  return { ...liveSales, [Symbol.asyncDispose]: () => liveSales.close() };
}

/** Collects what a viewer gets. */
async function view(liveSales: LiveSales, saleId: number): Promise<SaleUpdate[]> {
  const updates: SaleUpdate[] = [];
  await liveSales.join(saleId, { receive: (frame) => void updates.push(frame.update), end: () => {} });
  return updates;
}

function remainingIn(updates: readonly SaleUpdate[]): number | undefined {
  return updates.at(-1)?.items[0]?.remaining;
}

async function sell(test: TestDatabase, itemId: number, userIds: readonly string[]): Promise<void> {
  await settle(
    test.database,
    userIds.map((userId) => ({
      id: crypto.randomUUID(),
      userId,
      itemId,
      quantity: 1,
      idempotencyKey: crypto.randomUUID(),
    })),
  );
}

it("brings a change to the viewers of every process", async () => {
  await using test = await createTestDatabase();
  await using here = await openProcess(test);
  await using there = await openProcess(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }, { stock: 3 }]);
  const viewers = [await view(here, saleId), await view(there, saleId)];
  for (const updates of viewers) {
    expect(updates).toMatchObject([{ saleId, status: "live", items: [{ remaining: 10 }, { remaining: 3 }] }]);
  }

  const services = { database: test.database, liveSales: here };
  const operatorId = await makeOperator(test.database);
  const [itemId = 0] = itemIds;
  await adjustStock(services, operatorId, { itemId, change: 5, reason: "more", idempotencyKey: "a" });
  for (const updates of viewers) await eventually("five more", () => remainingIn(updates) === 15);
  await pauseSale({ ...services, liveSales: there }, operatorId, { saleId });
  for (const updates of viewers) await eventually("paused", () => updates.at(-1)?.status === "paused");
});

it("never goes back in version in a storm of purchases, and ends at the truth", async () => {
  await using test = await createTestDatabase();
  await using here = await openProcess(test);
  await using there = await openProcess(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 200 }, { stock: 200 }]);
  const buyers = await makeBuyers(test.database, 200);
  const viewers = [await view(here, saleId), await view(there, saleId), await view(there, saleId)];

  await Promise.all(
    buyers.map(async (userId, index) => {
      await sell(test, itemIds[index % 2] ?? 0, [userId]);
      (index % 3 ? here : there).changed(saleId);
    }),
  );
  for (const updates of viewers) {
    await eventually("the last unit sold is seen", () => updates.at(-1)?.version === 200);
    expect(updates.at(-1)?.items).toMatchObject([{ remaining: 100 }, { remaining: 100 }]);
    const versions = updates.map((update) => update.version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    // A version and the numbers that it stands for are of one moment.
    for (const { version, items } of updates) {
      expect(version).toBe(items.reduce((sum, item) => sum + item.version, 0));
      expect(items.reduce((sum, item) => sum + item.remaining, 0)).toBe(400 - version);
    }
  }
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("makes up for what was notified while the connection that listens was lost", async () => {
  await using test = await createTestDatabase();
  await using here = await openProcess(test);
  await using there = await openProcess(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }]);
  const updates = await view(there, saleId);
  const buyers = await makeBuyers(test.database, 2);

  const killed = await test.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'doorbuster listen'
  `;
  expect(killed).toHaveLength(2);
  await sell(test, itemIds[0] ?? 0, buyers);
  here.changed(saleId);
  await eventually("both purchases are seen", () => remainingIn(updates) === 8);
});

it("makes up for hints that never arrive, by reading regularly", async () => {
  await using test = await createTestDatabase();
  await using deaf = await openProcess(test, { sweepMs: 100 });
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }]);
  const updates = await view(deaf, saleId);
  await sell(test, itemIds[0] ?? 0, await makeBuyers(test.database, 1));
  await eventually("the purchase is seen", () => remainingIn(updates) === 9);
});

it("goes on when its database connections were killed", async () => {
  await using test = await createTestDatabase();
  await using live = await openProcess(test, { sweepMs: 100 });
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }]);
  const updates = await view(live, saleId);
  await test.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name like 'doorbuster%'
  `;
  await eventually("a purchase is possible", async () => {
    try {
      await sell(test, itemIds[0] ?? 0, await makeBuyers(test.database, 1));
      return true;
    } catch {
      return false;
    }
  });
  await eventually("it is seen", () => remainingIn(updates) === 9);
});

it("tells viewers when a sale starts and ends, by the database's clock", async () => {
  await using test = await createTestDatabase();
  await using live = await openProcess(test);
  const { saleId } = await makeSale(test.database, [{ stock: 10 }], { startsInMs: 3_600_000, endsInMs: 7_200_000 });
  const updates = await view(live, saleId);
  await test.sql`update sales set starts_at = clock_timestamp() + interval '0.5 s'`;
  live.changed(saleId);
  await eventually("the sale is live", () => updates.at(-1)?.status === "live");
  await test.sql`update sales set ends_at = clock_timestamp() + interval '0.5 s'`;
  live.changed(saleId);
  await eventually("the sale is over", () => updates.at(-1)?.status === "ended");
  expect(updates.map((update) => update.status)).toEqual(["scheduled", "live", "ended"]);
  for (const { status, serverTime, startsAt, endsAt } of updates) {
    if (status === "live") expect(serverTime >= startsAt && serverTime < endsAt).toBe(true);
  }
});

it("keeps the stores of one database apart", async () => {
  await using test = await createTestDatabase();
  await using here = await openProcess(test);
  const { saleId } = await makeSale(test.database, [{ stock: 10 }]);
  const channels =
    await test.sql`select pg_notify(${`${test.schema}.sales`}, 'someone else'), pg_notify('other.sales', ${`x ${saleId}`})`;
  expect(channels).toHaveLength(1);
  const updates = await view(here, saleId);
  expect(updates).toHaveLength(1);
});

it("knows no sale that is not there", async () => {
  await using test = await createTestDatabase();
  await using live = await openProcess(test);
  await expect(live.watch(4_711)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(live.stats()).toEqual({ viewers: 0, sales: 0 });
});
