import { describe, expect, it } from "vitest";
import { createSaleInputSchema, updateSaleInputSchema } from "../../../../../shared/sales.ts";
import { faultAtField } from "./fault-at-field.ts";
import { readCreate, readUpdate } from "./read-sale-form.ts";
import { someSale } from "./sale-form.fixture.ts";
import { copyOf, emptyForm, formOf, newItem, type SaleForm } from "./sale-form.ts";

const timeZone = "Europe/Berlin";
const sale = someSale();
const base = formOf(sale, timeZone);

const lamp = newItem({ name: "Lamp", price: "12,50", stock: "1,000", limit: "2" });
const form: SaleForm = {
  name: " Friday ",
  startsAt: { text: "2026-12-04T18:00", turn: "" },
  endsAt: { text: "2026-12-04T20:00", turn: "" },
  limit: "5",
  needsAccessCode: true,
  items: [lamp],
};

const update = (yours: SaleForm) => {
  const { input, errors } = readUpdate(yours, { sale, base, timeZone });
  if (input) expect(updateSaleInputSchema.safeParse(input)).toMatchObject({ success: true });
  return errors ?? input;
};

describe("a sale that is planned", () => {
  it("is what was typed, as the shop takes it", () => {
    const { input } = readCreate(form, timeZone);
    expect(createSaleInputSchema.safeParse(input)).toMatchObject({ success: true });
    expect(input).toMatchObject({
      name: "Friday",
      limitPerCustomer: 5,
      needsAccessCode: true,
      startsAt: "2026-12-04T17:00:00.000Z",
      endsAt: "2026-12-04T19:00:00.000Z",
      items: [{ name: "Lamp", priceCents: 1_250, stock: 1_000, limitPerCustomer: 2, imageUrl: null }],
    });
  });

  it("names each field that needs another look", () => {
    expect(readCreate(emptyForm(), timeZone).errors).toMatchObject({
      name: expect.any(String),
      startsAt: expect.any(String),
      endsAt: expect.any(String),
      items: expect.any(String),
    });
    const item = newItem({
      name: "\u202ex",
      price: "0",
      stock: "-1",
      limit: "0",
      imageUrl: "https://elsewhere.example/x",
    });
    const { errors = {} } = readCreate({ ...form, name: "x".repeat(121), items: [item] }, timeZone);
    expect(Object.keys(errors).sort()).toEqual(
      ["name", ...["imageUrl", "limit", "name", "price", "stock"].map((field) => `${item.key}.${field}`)].sort(),
    );
  });

  it.each([
    ["2026-12-04T18:00", "2026-12-04T17:59", "endsAt", "after it starts"],
    ["2026-12-04T18:00", "2099-12-04T18:00", "endsAt", "Is the year right?"],
    ["2027-03-28T02:30", "2027-03-28T12:00", "startsAt", "03:30 comes instead"],
    ["2026-10-25T02:30", "2026-10-25T12:00", "startsAt", "which one"],
  ])("%s to %s is refused at %s", (startsAt, endsAt, field, words) => {
    const { errors } = readCreate(
      { ...form, startsAt: { text: startsAt, turn: "" }, endsAt: { text: endsAt, turn: "" } },
      timeZone,
    );
    expect(errors).toEqual({ [field]: expect.stringContaining(words) });
  });

  it("begins at the one of two equal times that was chosen", () => {
    const startOf = (turn: "first" | "second") =>
      readCreate({ ...form, startsAt: { text: "2026-10-25T02:30", turn } }, timeZone).input?.startsAt;
    expect(startOf("first")).toBe("2026-10-25T00:30:00.000Z");
    expect(startOf("second")).toBe("2026-10-25T01:30:00.000Z");
  });
});

describe("a sale that is changed", () => {
  it("is sent nothing where nothing differs, also where its times are no full minutes", () => {
    expect(update(base)).toBeUndefined();
    const odd = someSale({ startsAt: "2026-10-25T01:30:12.345Z", endsAt: "2026-10-25T01:30:59.999Z" });
    const asItIs = formOf(odd, timeZone);
    expect(readUpdate({ ...asItIs, name: "x" }, { sale: odd, base: asItIs, timeZone }).errors).toBeDefined();
    const later = someSale({ startsAt: "2026-12-04T17:00:12.345Z", endsAt: "2026-12-04T19:00:59.999Z" });
    const same = formOf(later, timeZone);
    expect(readUpdate({ ...same, name: "x" }, { sale: later, base: same, timeZone }).input).toEqual({
      saleId: 3,
      edits: 4,
      name: "x",
    });
  });

  it("is sent what differs, and for which state", () => {
    const [first, second] = base.items;
    if (!first || !second) throw new Error("the sale has two items");
    expect(
      update({
        ...base,
        items: [{ ...second, price: "20", stock: "12", limit: "3", imageUrl: "/images/x.svg" }, lamp],
      }),
    ).toEqual({
      saleId: 3,
      edits: 4,
      items: [{ itemId: 8, priceCents: 2_000, stock: 12, limitPerCustomer: 3, imageUrl: "/images/x.svg" }],
      addItems: [expect.objectContaining({ name: "Lamp", stock: 1_000 })],
      removeItemIds: [7],
    });
    expect(update({ ...base, items: [second, first] })).toEqual({
      saleId: 3,
      edits: 4,
      order: [{ itemId: 8 }, { itemId: 7 }],
    });
    expect(update({ ...base, items: [lamp, ...base.items] })).toMatchObject({
      order: [{ added: 0 }, { itemId: 7 }, { itemId: 8 }],
    });
    expect(update({ ...base, limit: "3" })).toEqual({ saleId: 3, edits: 4, limitPerCustomer: 3 });
    expect(update({ ...base, needsAccessCode: true })).toEqual({ saleId: 3, edits: 4, needsAccessCode: true });
    expect(update({ ...base, endsAt: { text: "2026-12-04T21:00", turn: "" } })).toEqual({
      saleId: 3,
      edits: 4,
      endsAt: "2026-12-04T20:00:00.000Z",
    });
  });
});

it("copies a sale to the next same weekday, with the units that it offered, as one that is to be planned", () => {
  const [lampItem, ...others] = sale.items;
  if (!lampItem) throw new Error("the sale has items");
  const over = someSale({
    status: "ended",
    items: [{ ...lampItem, allotted: 3, remaining: 0, offered: 10 }, ...others],
  });
  const copy = copyOf(over, { nowMs: Date.parse("2026-12-05T00:00:00Z"), timeZone });
  expect(copy).toMatchObject({
    startsAt: { text: "2026-12-11T18:00" },
    endsAt: { text: "2026-12-11T20:00" },
    items: [{ name: "Lamp", stock: "10", productId: 107 }, { name: "Poster" }],
  });
  expect(copy.items.some(({ itemId }) => itemId !== undefined)).toBe(false);
  expect(readCreate(copy, timeZone).input).toMatchObject({ startsAt: "2026-12-11T17:00:00.000Z" });
});

it("finds the field that a refusal of the shop is about", () => {
  const added = newItem({ name: "Chair" });
  const mixed = { ...base, items: [added, ...base.items] };
  const at = (message: string, where = mixed) => Object.keys(faultAtField({ message }, where) ?? {});
  expect(at("endsAt: a sale ends in the future, and the shop's clock says 12.")).toEqual(["endsAt"]);
  expect(at("addItems[0]: there is no product with the id 9.")).toEqual([`${added.key}.name`]);
  expect(at("items[1].priceCents: Too big", { ...form, items: [added, lamp] })).toEqual([`${lamp.key}.price`]);
  expect(at("removeItemIds: a sale has at least one item.")).toEqual(["items"]);
  expect(at('Main warehouse has 12 of "Lamp", 18 too few.')).toEqual(["item-7.stock"]);
  expect(at("The sale has started: its start can no longer change.")).toEqual([]);
  // Each of several that are short has its own line.
  const short = 'Main warehouse has 1,907 of "Lamp", 998,093 too few; Main warehouse has 0 of "Poster", 2 too few.';
  expect(faultAtField({ message: short }, base)).toEqual({
    "item-7.stock": 'Main warehouse has 1,907 of "Lamp", 998,093 too few.',
    "item-8.stock": 'Main warehouse has 0 of "Poster", 2 too few.',
  });
});
