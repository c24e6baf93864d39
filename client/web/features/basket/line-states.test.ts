import { expect, test } from "vitest";
import type { Product } from "../../../../shared/products.ts";
import type { BasketLine } from "./basket.ts";
import { lineStates, totalCents } from "./line-states.ts";
import { shortageWords } from "./shortage-words.ts";

test("before the shop was heard nothing is said about a line, and it costs what it did", () => {
  const states = lineStates([line(1, 2)], undefined);
  expect(states).toMatchObject([{ state: "unchecked", priceBeforeCents: undefined }]);
  expect(totalCents(states)).toBe(200);
});

test("a product that the shop no longer sells is gone, and is not paid for", () => {
  const states = lineStates([line(1, 2), line(2, 1)], [product(2, { 1: 5 })]);
  expect(states.map(({ state }) => state)).toEqual(["gone", "fine"]);
  expect(totalCents(states)).toBe(100);
});

test("the price of now counts, and the one that was seen is told", () => {
  const states = lineStates([line(1, 3)], [{ ...product(1, { 1: 5 }), priceCents: 250 }]);
  expect(states).toMatchObject([{ priceCents: 250, priceBeforeCents: 100 }]);
  expect(totalCents(states)).toBe(750);
});

test("says of a product that is cheaper in a live sale where that is", () => {
  const onSale = { saleId: 7, itemId: 9, priceCents: 60 };
  const states = lineStates([line(1, 3), line(2, 1)], [{ ...product(1, { 1: 5 }), onSale }, product(2, { 1: 5 })]);
  expect(states.map((state) => state.onSale)).toEqual([onSale, undefined]);
});

test("says by how much a line is short", () => {
  const states = lineStates(
    [line(1, 5), line(2, 1), line(3, 2)],
    [product(1, { 1: 3 }), product(2, { 1: 0 }), product(3, { 1: 2 })],
  );
  expect(states.map(shortageWords)).toEqual(["Only 3 left: 2 too many.", "Sold out.", null]);
});

test("an order leaves from one warehouse: what lies elsewhere is told before it is paid", () => {
  const lines = [line(1, 1), line(2, 1), line(3, 4)];
  const states = lineStates(lines, [product(1, { 1: 9, 2: 9 }), product(2, { 2: 9 }), product(3, { 1: 4, 2: 2 })]);
  expect(states.map(({ state, available }) => [state, available])).toEqual([
    ["fine", 9],
    ["fine", 9],
    ["apart", 2],
  ]);
  expect(states.map(shortageWords)).toEqual([null, null, "Only 2 can come in one parcel with the rest."]);
});

test("of warehouses that serve as many lines, the one with most units is foreseen, then the oldest", () => {
  const apart = (units: Record<number, number>) =>
    lineStates([line(1, 1), line(2, 1)], [product(1, { 1: 1 }), product(2, units)]).map(({ state }) => state);
  expect(apart({ 2: 2 })).toEqual(["apart", "fine"]);
  expect(apart({ 2: 1 })).toEqual(["fine", "apart"]);
});

function line(productId: number, quantity: number): BasketLine {
  return { productId, quantity, name: `Product ${productId}`, imageUrl: null, priceCents: 100 };
}

function product(id: number, units: Record<number, number>): Product {
  const stock = Object.entries(units).map(([warehouse, count]) => ({
    warehouseId: Number(warehouse),
    warehouseName: `Warehouse ${warehouse}`,
    units: count,
  }));
  return {
    id,
    name: `Product ${id}`,
    description: "",
    imageUrl: null,
    priceCents: 100,
    currency: "EUR",
    available: true,
    edits: 0,
    units: stock.reduce((sum, place) => sum + place.units, 0),
    stock,
  };
}
