import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createProductInputSchema } from "../../shared/products.ts";
import { createSaleInputSchema } from "../../shared/sales.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { seedDemo } from "./demo.ts";
import { DEMO_CATALOGUE } from "./demo-catalogue.ts";
import { listSales } from "./list.ts";

const PAGE_FILES = join(import.meta.dirname, "../../client/web/public");

it("makes a live sale and one to come in an empty shop, once, however many processes start", async () => {
  await using test = await createTestDatabase();
  const made = await Promise.all(Array.from({ length: 4 }, () => seedDemo(test.database)));
  expect(made.filter(Boolean)).toHaveLength(1);
  const { items: sales } = await listSales(test.database, { limit: 10 });
  expect(sales.map((sale) => sale.status)).toEqual(["scheduled", "live"]);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("offers what an operator could offer too, with pictures that exist", async () => {
  await using test = await createTestDatabase();
  await seedDemo(test.database);
  const { items: sales } = await listSales(test.database, { limit: 10 });
  for (const { name, startsAt, endsAt, items } of sales) {
    createSaleInputSchema.parse({
      name,
      startsAt,
      endsAt,
      items: items.map(({ name, description, imageUrl, priceCents, allotted, limitPerCustomer }) => ({
        name,
        description,
        imageUrl,
        priceCents,
        stock: allotted,
        limitPerCustomer,
      })),
    });
    for (const { imageUrl } of items) expect(hasPicture(imageUrl), imageUrl ?? "").toBe(true);
  }
});

it("has a catalogue of products that an operator could make, with pictures that exist, each its own", () => {
  expect(DEMO_CATALOGUE).toHaveLength(24);
  for (const { main: _main, harbour: _harbour, ...product } of DEMO_CATALOGUE) {
    createProductInputSchema.parse(product);
    expect(hasPicture(product.imageUrl), product.imageUrl ?? "").toBe(true);
  }
  expect(new Set(DEMO_CATALOGUE.map((product) => product.imageUrl)).size).toBe(24);
  expect(new Set(DEMO_CATALOGUE.map((product) => product.name)).size).toBe(24);
});

it("shows every kind of stock: in two warehouses, in one of them, low, and none", async () => {
  await using test = await createTestDatabase();
  await seedDemo(test.database);
  const rows = await test.sql`
    select products.name, products.only_in_sales,
      sum(units) filter (where warehouses.name = 'Main warehouse')::int as main,
      sum(units) filter (where warehouses.name = 'Harbour warehouse')::int as harbour
    from products
    join inventory on inventory.product_id = products.id
    join warehouses on warehouses.id = inventory.warehouse_id
    group by products.id
  `;
  expect(rows).toHaveLength(24);
  expect(rows.filter((row) => row.only_in_sales)).toEqual([]);
  expect(rows.filter((row) => row.main > 0 && row.harbour > 0).length).toBeGreaterThan(12);
  expect(rows.filter((row) => row.main === null).map((row) => row.name)).toEqual(["Mercer folding bicycle"]);
  expect(rows.filter((row) => row.main + row.harbour === 0).map((row) => row.name)).toEqual(["Orrery wall clock"]);
  const low = rows.filter((row) => row.main + row.harbour > 0 && row.main + row.harbour <= 5);
  expect(low.length).toBeGreaterThanOrEqual(4);
});

it("leaves a shop alone that has a sale", async () => {
  await using test = await createTestDatabase();
  await makeSale(test.database, [{ stock: 1 }]);
  expect(await seedDemo(test.database)).toBe(false);
  expect((await listSales(test.database, { limit: 10 })).items).toHaveLength(1);
});

function hasPicture(imageUrl: string | null | undefined): boolean {
  return existsSync(join(PAGE_FILES, imageUrl ?? "none"));
}
