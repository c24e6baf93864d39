import { expect, it, vi } from "vitest";
import { type OverviewInput, overviewInputSchema, SALE_STATUSES } from "../../shared/sales.ts";
import { Connection } from "../database/connection.ts";
import { refund } from "../purchases/refund.ts";
import { settle } from "../purchases/settle.ts";
import { makeBuyer, makeOperator, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { adjustStock } from "./adjust-stock.ts";
import { cancelSale } from "./cancel.ts";
import { saleDetails } from "./details.ts";
import { recordingLiveSales } from "./live/live-sales.fixture.ts";
import { salesOverview } from "./overview.ts";
import { pauseSale } from "./pause.ts";
import { returnDueLeftovers } from "./return-due-leftovers.ts";
import { updateSale } from "./update.ts";

const HOUR_MS = 3_600_000;

const read = (test: TestDatabase, input: Partial<OverviewInput>) =>
  salesOverview(test.database, overviewInputSchema.parse(input));

const details = ({ database: operatorReads }: TestDatabase, saleId: number) =>
  saleDetails(
    { operatorReads, liveSales: { viewers: () => 7 }, purchaseBatcher: { waitingFor: ({ length }) => length } },
    saleId,
  );

async function readAll(test: TestDatabase, input: Partial<OverviewInput>) {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await read(test, { ...input, cursor });
    found.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

it("answers every sale once in either order of start and name, also among equals", async () => {
  await using test = await createTestDatabase();
  for (const [index, name] of ["Pear", "Fig", "Fig", "Apple", "Plum"].entries()) {
    const { saleId } = await makeSale(test.database, [{ stock: 1 }], { startsInMs: index < 3 ? 0 : index });
    await test.sql`update sales set name = ${name}, starts_at = '2026-01-01 00:00:00.000001+00'::timestamptz
      + ${index < 3 ? 0 : index} * interval '1 microsecond' where id = ${saleId}`;
  }
  const newest = ["Plum", "Apple", "Fig", "Fig", "Pear"];
  const byName = ["Apple", "Fig", "Fig", "Pear", "Plum"];
  expect(await readAll(test, { limit: 2 })).toEqual(newest);
  expect(await readAll(test, { limit: 2, descending: false })).toEqual(newest.toReversed());
  expect(await readAll(test, { limit: 2, sort: "name" })).toEqual(byName);
  expect(await readAll(test, { limit: 2, sort: "name", descending: true })).toEqual(byName.toReversed());
  await expect(read(test, { cursor: "WyJ4Il0" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
});

it("finds sales by the beginnings of words of their names, in any order, whatever their case", async () => {
  await using test = await createTestDatabase();
  for (const name of ["Friday lamps", "Friday café chairs", "Sunday lamps"]) {
    const { saleId } = await makeSale(test.database, [{ stock: 1 }]);
    await test.sql`update sales set name = ${name} where id = ${saleId}`;
  }
  expect(await readAll(test, { search: "FRI lamp", sort: "name" })).toEqual(["Friday lamps"]);
  expect(await readAll(test, { search: "cafe" })).toEqual(["Friday café chairs"]);
  expect(await readAll(test, { search: "lamps", sort: "name", limit: 1 })).toEqual(["Friday lamps", "Sunday lamps"]);
  expect(await readAll(test, { search: "nothing" })).toEqual([]);
});

it("finds the sales of each status, and counts of each what was offered and sold, also once it is over", async () => {
  await using test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const make = (window?: Parameters<typeof makeSale>[2]) =>
    makeSale(test.database, [{ stock: 5 }, { stock: 3 }], window);
  const sales = {
    scheduled: await make({ startsInMs: HOUR_MS, endsInMs: 2 * HOUR_MS }),
    live: await make(),
    paused: await make(),
    ended: await make(),
    cancelled: await make(),
  };
  const userId = await makeBuyer(test.database);
  for (const status of ["live", "paused", "ended", "cancelled"] as const) {
    const [itemId = 0] = sales[status].itemIds;
    await settle(test.database, [{ id: crypto.randomUUID(), userId, itemId, quantity: 2, idempotencyKey: status }]);
  }
  await pauseSale(services, operatorId, { saleId: sales.paused.saleId });
  await cancelSale(services, operatorId, { saleId: sales.cancelled.saleId });
  await test.sql`update sales set ends_at = now() where id = ${sales.ended.saleId}`;
  await returnDueLeftovers(services);
  await updateSale(services, operatorId, {
    saleId: sales.scheduled.saleId,
    removeItemIds: sales.scheduled.itemIds.slice(1),
  });

  for (const status of SALE_STATUSES) {
    const { items } = await read(test, { status });
    const isPlanned = status === "scheduled";
    expect(items).toMatchObject([
      {
        id: sales[status].saleId,
        status,
        itemCount: isPlanned ? 1 : 2,
        offered: isPlanned ? 5 : 8,
        sold: isPlanned ? 0 : 2,
      },
    ]);
  }
});

it("tells of a sale where its units come from, what is there, what was sold and paid, and who changed it last", async () => {
  await using test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10, priceCents: 300 }, { stock: 1 }]);
  const [itemId = 0] = itemIds;
  expect(await details(test, saleId)).toMatchObject({ lastChange: null });
  const userId = await makeBuyer(test.database);
  const ids = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  for (const [index, id] of ids.entries()) {
    await settle(test.database, [{ id, userId, itemId, quantity: index + 1, idempotencyKey: id }]);
  }
  const first = { purchaseId: ids[0] ?? "", idempotencyKey: "r" };
  expect(await refund(services, operatorId, first)).toMatchObject({ outcome: "refunded" });
  await adjustStock(services, operatorId, { itemId, change: -2, reason: "broken", idempotencyKey: "a" });

  expect(await details(test, saleId)).toMatchObject({
    id: saleId,
    edits: 1,
    viewers: 7,
    waiting: 2,
    lastChange: { by: "Buyer", action: "sales.adjustStock" },
    items: [
      {
        id: itemId,
        warehouseName: "Main warehouse",
        there: 2,
        onlyInSales: true,
        allotted: 8,
        remaining: 3,
        offered: 8,
        sold: 5,
        purchases: 3,
        refunds: 1,
        takenCents: 5 * 300,
      },
      { there: 2, sold: 0, takenCents: 0 },
    ],
  });
  await test.sql`update sales set ends_at = now() where id = ${saleId}`;
  await returnDueLeftovers(services);
  expect((await details(test, saleId)).items[0]).toMatchObject({ allotted: 5, offered: 8, sold: 5 });
  await expect(details(test, 4_711)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("finds a page among 20,000 sales by an index, whatever is asked for", async () => {
  await using test = await createTestDatabase();
  await test.sql`
    insert into sales (name, starts_at, ends_at, cancelled_at, leftovers_returned_at)
    select 'Sale ' || n || case when n % 1000 = 0 then ' rare' else ' common' end,
      now() + (n - 19990) * interval '1 hour', now() + (n - 19989) * interval '1 hour',
      case when n % 1000 = 1 then now() end, case when n < 19989 or n % 1000 = 1 then now() end
    from generate_series(1, 20000) as n`;
  await test.sql`analyze sales`;
  const [{ items: page }, last] = [await read(test, { limit: 20 }), await read(test, { limit: 20, sort: "name" })];
  expect(page).toHaveLength(20);
  const asked: Partial<OverviewInput>[] = [
    {},
    { descending: false },
    { sort: "name" },
    { sort: "name", descending: true },
    { cursor: (await read(test, {})).nextCursor },
    { sort: "name", cursor: last.nextCursor },
    ...SALE_STATUSES.map((status) => ({ status })),
    { search: "rare" },
    { search: "common" },
    { search: "rare", status: "ended", sort: "name" },
  ];
  for (const input of asked) {
    const statements = await statementsOf(() => read(test, input));
    for (const [text, params] of statements) {
      const plan = await test.sql.unsafe(`explain ${text}`, params);
      expect(plan.map((row) => row["QUERY PLAN"]).join("\n"), JSON.stringify(input)).not.toMatch(SEQUENTIAL);
    }
  }
});

async function statementsOf(work: () => Promise<unknown>) {
  const run = vi.spyOn(Connection.prototype, "run");
  try {
    await work();
    return run.mock.calls
      .filter(([text]) => /from "?sales/.test(text))
      .map(([text, params]) => [text, params] as const);
  } finally {
    run.mockRestore();
  }
}

const SEQUENTIAL = /Seq Scan on (sales|items)/;
