import { expect, it } from "vitest";
import { cancelSale } from "../sales/cancel.ts";
import { createSale } from "../sales/create.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { pauseSale } from "../sales/pause.ts";
import { makeOperator, makeProducts } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { productById } from "./by-id.ts";
import { listProducts } from "./list.ts";
import { updateProduct } from "./update.ts";

const HOUR_MS = 3_600_000;

async function shopOf(test: TestDatabase) {
  const [lamp = 0, desk = 0] = await makeProducts(test.database, [
    { name: "Lamp", units: { 1: 100 } },
    { name: "Desk", units: { 1: 100 } },
  ]);
  const operatorId = await makeOperator(test.database);
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const { priceCents } = await productById(test.database.db, lamp);
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  return {
    services,
    operatorId,
    lamp,
    desk,
    cataloguePriceCents: priceCents,
    sell: ({ cents, stock = 5, startsInMs = -HOUR_MS }: { cents: number; stock?: number; startsInMs?: number }) =>
      createSale(services, operatorId, {
        name: "Sale",
        startsAt: at(startsInMs),
        endsAt: at(startsInMs + 2 * HOUR_MS),
        items: [{ productId: lamp, priceCents: cents, stock }],
      }),
    offer: async () => {
      const { items } = await listProducts(test.database, { limit: 10 });
      expect(items.find(({ id }) => id === desk)).not.toHaveProperty("onSale");
      const found = items.find(({ id }) => id === lamp);
      expect(await productById(test.database.db, lamp)).toEqual(found);
      return found?.onSale;
    },
  };
}

it("names the live sale that has a product for least, and only one that is cheaper and has units", async () => {
  await using test = await createTestDatabase();
  const { sell, offer, services, operatorId, cataloguePriceCents } = await shopOf(test);
  await sell({ cents: cataloguePriceCents });
  await sell({ cents: 1, stock: 0 });
  await sell({ cents: 2, startsInMs: HOUR_MS });
  const over = await sell({ cents: 3 });
  await test.sql`update sales set ends_at = now() - interval '1 minute' where id = ${over.id}`;
  expect(await offer()).toBeUndefined();

  const dear = await sell({ cents: cataloguePriceCents - 1 });
  const cheap = await sell({ cents: cataloguePriceCents - 2 });
  expect(await offer()).toEqual({ saleId: cheap.id, itemId: cheap.items[0]?.id, priceCents: cataloguePriceCents - 2 });
  await pauseSale(services, operatorId, { saleId: cheap.id });
  expect(await offer()).toMatchObject({ saleId: dear.id });
  await cancelSale(services, operatorId, { saleId: dear.id });
  expect(await offer()).toBeUndefined();
});

it("shows beside an item's price what the catalogue asks, where it offers the product", async () => {
  await using test = await createTestDatabase();
  const { sell, services, operatorId, lamp, cataloguePriceCents } = await shopOf(test);
  const sale = await sell({ cents: 5 });
  expect(sale.items).toMatchObject([{ priceCents: 5, cataloguePriceCents }]);
  await updateProduct(test.database, operatorId, { productId: lamp, available: false });
  const later = await createSale(services, operatorId, {
    name: "Later",
    startsAt: sale.startsAt,
    endsAt: sale.endsAt,
    items: [
      { productId: lamp, priceCents: 5, stock: 1 },
      { name: "For sales only", priceCents: 5, stock: 1 },
    ],
  });
  expect(later.items.map((item) => "cataloguePriceCents" in item)).toEqual([false, false]);
});
