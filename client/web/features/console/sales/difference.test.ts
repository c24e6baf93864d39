import { expect, it } from "vitest";
import { differencesOf, goOnFrom } from "./difference.ts";
import { someSale } from "./sale-form.fixture.ts";
import { formOf, type ItemForm, newItem, type SaleForm } from "./sale-form.ts";

const base = formOf(someSale(), "UTC");

function withItem(form: SaleForm, index: number, changes: Partial<ItemForm>): SaleForm {
  return { ...form, items: form.items.map((item, place) => (place === index ? { ...item, ...changes } : item)) };
}

it("tells each field that they changed, beside what was and what one typed, and where both did", () => {
  const theirs = withItem(withItem({ ...base, name: "Theirs" }, 0, { price: "18.00" }), 1, { stock: "40" });
  const yours = withItem(withItem(base, 0, { price: "17.50" }), 1, { stock: "40" });
  expect(differencesOf({ base, theirs, yours })).toEqual([
    { field: "name", label: "Name", before: "Friday", theirs: "Theirs", yours: "Friday", isConflict: false },
    {
      field: "item-7.price",
      label: "Price of Lamp",
      before: "19.99",
      theirs: "18.00",
      yours: "17.50",
      isConflict: true,
    },
    { field: "item-8.stock", label: "Units of Poster", before: "10", theirs: "40", yours: "40", isConflict: false },
  ]);
  expect(differencesOf({ base, theirs: base, yours })).toEqual([]);
});

it("goes on with what one typed, and takes what they changed of the rest", () => {
  const theirs = withItem({ ...base, name: "Theirs", endsAt: { text: "2026-12-04T23:00", turn: "" } }, 0, {
    price: "18.00",
    stock: "40",
  });
  const yours = withItem({ ...base, name: "Mine" }, 0, { price: "17.50" });
  const next = goOnFrom({ base, theirs, yours });
  expect(next).toMatchObject({ name: "Mine", endsAt: { text: "2026-12-04T23:00" } });
  expect(next.items[0]).toMatchObject({ price: "17.50", stock: "40" });
  expect(goOnFrom({ base, theirs, yours: base })).toEqual(theirs);
  expect(goOnFrom({ base, theirs: base, yours })).toEqual(yours);
});

it("keeps what both added, and lets go of what they took out unless one has changed it", () => {
  const [lamp, poster] = base.items;
  if (!lamp || !poster) throw new Error("the sale has two items");
  const [chair, sofa] = [newItem({ name: "Chair" }), { ...newItem({ name: "Sofa" }), key: "item-9", itemId: 9 }];
  const names = (form: SaleForm) => form.items.map(({ name }) => name);
  const theirs = { ...base, items: [poster, sofa] };
  expect(names(goOnFrom({ base, theirs, yours: { ...base, items: [lamp, poster, chair] } }))).toEqual([
    "Poster",
    "Sofa",
    "Chair",
  ]);
  const kept = goOnFrom({ base, theirs, yours: withItem(base, 0, { price: "5" }) });
  expect(kept.items.find(({ name }) => name === "Lamp")).toEqual({
    ...lamp,
    key: "again-item-7",
    price: "5",
    itemId: undefined,
  });
  // What one took out oneself stays out.
  expect(
    names(goOnFrom({ base, theirs: withItem(base, 1, { price: "5" }), yours: { ...base, items: [poster] } })),
  ).toEqual(["Poster"]);
});

it("keeps one's own order, and takes theirs where one left it alone", () => {
  const reversed = { ...base, items: base.items.toReversed() };
  expect(goOnFrom({ base, theirs: reversed, yours: { ...base, name: "Mine" } }).items).toEqual(reversed.items);
  expect(goOnFrom({ base, theirs: { ...base, name: "Theirs" }, yours: reversed }).items).toEqual(reversed.items);
});
