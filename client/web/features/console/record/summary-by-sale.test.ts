import { expect, it } from "vitest";
import { bySale } from "./summary-by-sale.ts";

const item = { itemId: 1, productId: 1, name: "Lamp" };
const sum = (units: number) => ({ count: 1, units, cents: units * 100 });

it("adds up the items of each sale, and what the catalogue sold", () => {
  const friday = { ...item, saleId: 3, saleName: "Friday", saleStartsAt: "2026-12-04T17:00:00.000Z" };
  const catalogue = { ...item, saleId: null, saleName: null, saleStartsAt: null, itemId: null };
  const sold = { sold: sum(3), refunded: sum(1), netCents: 200 };
  expect(
    bySale([
      { ...friday, ...sold },
      { ...friday, ...sold },
      { ...catalogue, ...sold },
    ]),
  ).toEqual([
    {
      ...{ saleId: 3, saleName: "Friday", saleStartsAt: "2026-12-04T17:00:00.000Z", netCents: 400 },
      ...{ sold: { count: 2, units: 6, cents: 600 }, refunded: { count: 2, units: 2, cents: 200 } },
    },
    { saleId: null, saleName: null, saleStartsAt: null, ...sold },
  ]);
  expect(bySale([])).toEqual([]);
});
