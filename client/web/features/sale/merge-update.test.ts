import { expect, test } from "vitest";
import type { Sale, SaleUpdate } from "../../../../shared/sales.ts";
import { mergeUpdate, needsReading, newerSale } from "./merge-update.ts";

test("takes stock and state from a newer update", () => {
  const merged = mergeUpdate(sale(), update({ version: 8, status: "paused", remaining: 4, itemVersion: 6 }));
  expect(merged).toMatchObject({ version: 8, status: "paused", items: [{ remaining: 4, version: 6, name: "Lamp" }] });
});

test("an older update changes nothing", () => {
  const known = sale();
  expect(mergeUpdate(known, update({ version: 6, remaining: 9, itemVersion: 4 }))).toBe(known);
});

test("an update that says what is known already is the same object", () => {
  const known = sale();
  expect(mergeUpdate(known, update({ version: 7, remaining: 5, itemVersion: 5 }))).toBe(known);
});

test("an update of another sale changes nothing", () => {
  const known = sale();
  expect(mergeUpdate(known, { ...update({ version: 9, remaining: 1, itemVersion: 9 }), saleId: 2 })).toBe(known);
});

test("reads the sale anew for a change that updates do not carry", () => {
  expect(needsReading(sale(), update({ version: 8, remaining: 5, itemVersion: 5 }))).toBe(true);
  expect(needsReading(sale(), update({ version: 8, remaining: 9, itemVersion: 6 }))).toBe(true);
  expect(needsReading(sale(), update({ version: 8, remaining: 4, itemVersion: 6 }))).toBe(false);
  expect(needsReading(sale(), update({ version: 7, remaining: 5, itemVersion: 5 }))).toBe(false);
});

test("an answer that the live view overtook is not shown", () => {
  const known = sale();
  expect(newerSale(known, { ...known, version: 6 })).toBe(known);
  expect(newerSale(known, { ...known, version: 8 }).version).toBe(8);
  expect(newerSale(undefined, known)).toBe(known);
});

function sale(): Sale {
  return {
    id: 1,
    name: "Sale",
    status: "live",
    startsAt: "2030-01-01T12:00:00.000Z",
    endsAt: "2030-01-01T13:00:00.000Z",
    currency: "EUR",
    limitPerCustomer: null,
    needsAccessCode: false,
    version: 7,
    edits: 0,
    serverTime: "2030-01-01T12:00:00.000Z",
    items: [
      {
        id: 3,
        productId: 3,
        name: "Lamp",
        description: "",
        imageUrl: null,
        priceCents: 100,
        allotted: 10,
        remaining: 5,
        limitPerCustomer: 2,
        version: 5,
      },
    ],
  };
}

function update(change: {
  version: number;
  remaining: number;
  itemVersion: number;
  status?: Sale["status"];
}): SaleUpdate {
  const { id: saleId, startsAt, endsAt, serverTime } = sale();
  const { version, remaining, itemVersion, status = "live" } = change;
  return { saleId, version, status, serverTime, startsAt, endsAt, items: [{ id: 3, remaining, version: itemVersion }] };
}
