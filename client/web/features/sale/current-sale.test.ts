import { expect, test } from "vitest";
import type { Sale, SaleStatus } from "../../../../shared/sales.ts";
import { currentSale, isSoldOut, openSales } from "./current-sale.ts";

test("a live sale with units comes before a paused one, and that before one that is sold out", () => {
  const soldOut = sale(4, "live", -1, 5, 0);
  const paused = sale(3, "paused", -2);
  const live = sale(2, "live", -3);
  expect(currentSale([soldOut, paused, live])?.id).toBe(2);
  expect(currentSale([soldOut, paused])?.id).toBe(3);
  expect(currentSale([soldOut, sale(1, "scheduled", 1)])?.id).toBe(4);
  expect(openSales([soldOut, paused, live, sale(1, "scheduled", 1)]).map(({ id }) => id)).toEqual([2, 3, 4]);
});

test("a sale is sold out when the last of its items is", () => {
  const [gone, left] = [sale(1, "live", -1, 5, 0), sale(2, "live", -1)];
  expect(isSoldOut(gone)).toBe(true);
  expect(isSoldOut({ ...gone, items: [...gone.items, ...left.items] })).toBe(false);
});

test("of those with units the sale that opened last", () => {
  expect(currentSale([sale(1, "scheduled", 1), sale(2, "live", -3), sale(3, "live", -1)])?.id).toBe(3);
});

test("of two that opened together the newer one", () => {
  expect(currentSale([sale(2, "live", -1), sale(3, "live", -1)])?.id).toBe(3);
});

test("a sale that is shown stays while it is open, and no longer", () => {
  const newer = sale(3, "live", -1);
  expect(currentSale([newer, sale(2, "live", -2, 5, 0)], 2)?.id).toBe(2);
  expect(currentSale([newer, sale(2, "paused", -2)], 2)?.id).toBe(2);
  expect(currentSale([newer, sale(2, "ended", -2)], 2)?.id).toBe(3);
});

test("else the next to start", () => {
  expect(currentSale([sale(1, "scheduled", 5), sale(2, "scheduled", 2), sale(3, "ended", 0)])?.id).toBe(2);
});

test("of two that open together the newer one", () => {
  expect(currentSale([sale(1, "scheduled", 2), sale(2, "scheduled", 2)])?.id).toBe(2);
});

test("else the one that ended last, rather than a cancelled one", () => {
  expect(currentSale([sale(1, "ended", 0, 3), sale(2, "ended", 0, 4), sale(3, "cancelled", 0, 9)])?.id).toBe(2);
  expect(currentSale([sale(3, "cancelled", 0, 9), sale(2, "cancelled", 0, 12)])?.id).toBe(2);
});

test("there may be none", () => {
  expect(currentSale([])).toBeUndefined();
});

function sale(
  id: number,
  status: SaleStatus,
  startsInHours: number,
  endsInHours = startsInHours + 1,
  remaining = 5,
): Sale {
  const at = (hours: number) => new Date(Date.UTC(2030, 0, 1, hours)).toISOString();
  return {
    id,
    name: `Sale ${id}`,
    status,
    startsAt: at(startsInHours),
    endsAt: at(endsInHours),
    currency: "EUR",
    limitPerCustomer: null,
    needsAccessCode: false,
    version: 1,
    edits: 0,
    serverTime: at(0),
    items: [
      {
        id,
        productId: id,
        name: "Lamp",
        description: "",
        imageUrl: null,
        priceCents: 100,
        allotted: 10,
        remaining,
        limitPerCustomer: null,
        version: 1,
      },
    ],
  };
}
