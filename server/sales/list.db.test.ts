import { expect, it } from "vitest";
import { SALE_STATUSES } from "../../shared/sales.ts";
import { makeOperator, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { saleById } from "./by-id.ts";
import { cancelSale } from "./cancel.ts";
import { listSales } from "./list.ts";
import { recordingLiveSales } from "./live/live-sales.fixture.ts";
import { pauseSale } from "./pause.ts";

const HOUR_MS = 3_600_000;

async function listAll(test: TestDatabase, input: Omit<Parameters<typeof listSales>[1], "cursor">) {
  const pages: number[][] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listSales(test.database, { ...input, cursor });
    pages.push(page.items.map((sale) => sale.id));
    cursor = page.nextCursor;
  } while (cursor);
  return pages;
}

it("answers every sale once, the newest start first, also where several start at the same microsecond", async () => {
  await using test = await createTestDatabase();
  const ids: number[] = [];
  for (let index = 0; index < 7; index++) {
    ids.push((await makeSale(test.database, [{ stock: 1 }, { stock: 2 }])).saleId);
  }
  await test.sql`update sales set starts_at = '2026-01-01 00:00:00.123456+00'`;
  const late = ids[3] ?? 0;
  await test.sql`update sales set starts_at = starts_at + interval '1 microsecond' where id = ${late}`;

  const pages = await listAll(test, { limit: 2 });
  expect(pages.map((page) => page.length)).toEqual([2, 2, 2, 1]);
  expect(pages.flat()).toEqual([late, ...ids.filter((id) => id !== late).reverse()]);
});

it("puts the items of many sales where they belong, in their order", async () => {
  await using test = await createTestDatabase();
  const made = [];
  for (let index = 1; index <= 3; index++) {
    made.push(
      await makeSale(
        test.database,
        Array.from({ length: index }, (_, stock) => ({ stock })),
      ),
    );
  }
  const { items } = await listSales(test.database, { limit: 10 });
  for (const { saleId, itemIds } of made) {
    const sale = items.find((each) => each.id === saleId);
    expect(sale?.items.map((item) => item.id)).toEqual(itemIds);
    expect(await saleById(test.database.db, saleId)).toEqual({ ...sale, serverTime: expect.any(String) });
  }
});

it("finds the sales of each status, the status that it answers", async () => {
  await using test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const make = async (window?: Parameters<typeof makeSale>[2]) =>
    (await makeSale(test.database, [{ stock: 1 }], window)).saleId;
  const idOf = {
    scheduled: await make({ startsInMs: HOUR_MS, endsInMs: 2 * HOUR_MS }),
    live: await make(),
    paused: await make(),
    ended: await make({ startsInMs: -2 * HOUR_MS, endsInMs: -HOUR_MS }),
    cancelled: await make(),
  };
  await pauseSale(services, operatorId, { saleId: idOf.paused });
  await cancelSale(services, operatorId, { saleId: idOf.cancelled });

  for (const status of SALE_STATUSES) {
    const { items } = await listSales(test.database, { limit: 10, status });
    expect(items.map((sale) => [sale.id, sale.status])).toEqual([[idOf[status], status]]);
  }
});

it("refuses a cursor of another list", async () => {
  await using test = await createTestDatabase();
  await expect(listSales(test.database, { limit: 10, cursor: "WyJ4Il0" })).rejects.toMatchObject({
    code: "INVALID_INPUT",
  });
});

it("knows no sale that is not there", async () => {
  await using test = await createTestDatabase();
  await expect(saleById(test.database.db, 4_711)).rejects.toMatchObject({ code: "NOT_FOUND" });
});
