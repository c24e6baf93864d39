import { expect, it } from "vitest";
import { isAsAsked } from "./is-as-asked.ts";
import { someSale } from "./sale-form.fixture.ts";
import { formOf, newItem } from "./sale-form.ts";

const sale = someSale();
const form = formOf(sale, "Europe/Berlin");
const [lamp, poster] = sale.items;
if (!lamp || !poster) throw new Error("the sale has two items");

it("finds that a sale is what was asked for, also where that was typed another way or added", () => {
  const [first, second] = form.items;
  if (!first || !second) throw new Error("the form has two items");
  const chair = newItem({ name: " Chair ", price: "12,5", stock: "1,000" });
  const asked = { ...form, name: "Saturday ", items: [{ ...second, price: "20" }, chair] };
  const added = { ...lamp, id: 9, productId: 200, name: "Chair", priceCents: 1_250, allotted: 1_000 };
  const there = { ...sale, name: "Saturday", items: [{ ...poster, priceCents: 2_000 }, added] };
  expect(isAsAsked(asked, formOf(there, "Europe/Berlin"))).toBe(true);
  for (const other of [
    { ...there, name: "Sunday" },
    { ...there, needsAccessCode: true },
    { ...there, limitPerCustomer: 3 },
    { ...there, endsAt: "2026-12-04T20:00:00.000Z" },
    { ...there, items: there.items.toReversed() },
    { ...there, items: [{ ...poster, id: 77, priceCents: 2_000 }, added] },
    { ...there, items: [{ ...poster, priceCents: 2_001 }, added] },
  ]) {
    expect(isAsAsked(asked, formOf(other, "Europe/Berlin"))).toBe(false);
  }
});

it("does not take for done what the shop could not have been asked for", () => {
  const empty = someSale({ items: [{ ...lamp, allotted: 0 }] });
  const now = formOf(empty, "UTC");
  expect(isAsAsked(now, now)).toBe(true);
  expect(isAsAsked({ ...now, items: now.items.map((item) => ({ ...item, stock: "many" })) }, now)).toBe(false);
});

it("tells apart the two moments that the clock shows alike", () => {
  const at = (startsAt: string) => formOf(someSale({ startsAt }), "Europe/Berlin");
  expect(at("2026-10-25T00:30:00.000Z").startsAt).toEqual({ text: "2026-10-25T02:30", turn: "first" });
  expect(isAsAsked(at("2026-10-25T00:30:00.000Z"), at("2026-10-25T01:30:00.000Z"))).toBe(false);
});
