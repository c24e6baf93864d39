import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createSaleInputSchema } from "../../shared/sales.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { seedDemo } from "./demo.ts";
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
    for (const { imageUrl } of items)
      expect(existsSync(join(PAGE_FILES, imageUrl ?? "none")), imageUrl ?? "").toBe(true);
  }
});

it("leaves a shop alone that has a sale", async () => {
  await using test = await createTestDatabase();
  await makeSale(test.database, [{ stock: 1 }]);
  expect(await seedDemo(test.database)).toBe(false);
  expect((await listSales(test.database, { limit: 10 })).items).toHaveLength(1);
});
