import { expect, test } from "vitest";
import type { Sale, SaleStatus } from "../../../../shared/sales.ts";
import { currentSale } from "./current-sale.ts";

test("an open sale comes before all others, the one that ends first before the other open ones", () => {
  const sales = [sale(1, "scheduled", 1), sale(2, "live", 0, 9), sale(3, "live", 0, 5), sale(4, "paused", 0, 1)];
  expect(currentSale(sales)?.id).toBe(3);
});

test("a paused sale comes before one that has not started", () => {
  expect(currentSale([sale(1, "scheduled", 1), sale(2, "paused", 0)])?.id).toBe(2);
});

test("else the next to start", () => {
  expect(currentSale([sale(1, "scheduled", 5), sale(2, "scheduled", 2), sale(3, "ended", 0)])?.id).toBe(2);
});

test("else the one that ended last, rather than a cancelled one", () => {
  expect(currentSale([sale(1, "ended", 0, 3), sale(2, "ended", 0, 4), sale(3, "cancelled", 0, 9)])?.id).toBe(2);
  expect(currentSale([sale(3, "cancelled", 0, 9)])?.id).toBe(3);
});

test("there may be none", () => {
  expect(currentSale([])).toBeUndefined();
});

function sale(id: number, status: SaleStatus, startsInHours: number, endsInHours = startsInHours + 1): Sale {
  const at = (hours: number) => new Date(Date.UTC(2030, 0, 1, hours)).toISOString();
  return {
    id,
    name: `Sale ${id}`,
    status,
    startsAt: at(startsInHours),
    endsAt: at(endsInHours),
    currency: "EUR",
    version: 1,
    serverTime: at(0),
    items: [],
  };
}
