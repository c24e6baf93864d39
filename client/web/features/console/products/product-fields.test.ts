import { expect, it } from "vitest";
import { differencesOf, errorsAt, goOnFrom, isSameInput, type ProductFields, readFields } from "./product-fields.ts";

const LAMP: ProductFields = { name: "Lamp", description: "", price: "19.90", imageUrl: "" };

it("reads what was typed, and names each field that is wrong", () => {
  expect(readFields(LAMP)).toEqual({
    errors: {},
    input: { name: "Lamp", description: "", priceCents: 1_990, imageUrl: null },
  });
  const { errors, input } = readFields({
    name: " ",
    description: "x".repeat(2_001),
    price: "free",
    imageUrl: "//evil",
  });
  expect(input).toBeUndefined();
  expect(Object.keys(errors)).toEqual(["name", "description", "price", "imageUrl"]);
});

it("puts what the shop found wrong at the field that it means", () => {
  const price = "A price is an amount such as 49.90, from €0.01 to €10,000,000.00.";
  expect(errorsAt([{ path: "priceCents", message: "Too big: expected number to be <=1" }])).toEqual({ price });
  expect(readFields({ ...LAMP, price: "99999999999" }).errors).toEqual({ price });
  expect(readFields({ ...LAMP, name: "Lamp\u202e" }).errors.name).toContain("turn the direction");
  expect(readFields({ ...LAMP, name: "x".repeat(10_000) }).errors.name).toContain(
    "at most 120 characters, and this has 10,000",
  );
  expect(errorsAt([{ path: "idempotencyKey", message: "?" }])).toBeUndefined();
});

it("keeps what was typed, takes what others changed elsewhere, and shows the difference", () => {
  const theirs = { ...LAMP, name: "Desk lamp", price: "25.00" };
  const three = { base: LAMP, theirs, yours: { ...LAMP, price: "22.00", description: "Bright" } };
  expect(goOnFrom(three)).toEqual({ ...LAMP, name: "Desk lamp", price: "22.00", description: "Bright" });
  expect(differencesOf(three)).toEqual([
    { field: "name", before: "Lamp", theirs: "Desk lamp", yours: "Lamp" },
    { field: "price", before: "19.90", theirs: "25.00", yours: "22.00" },
  ]);
});

it("takes what the shop has by now for what was typed, however that was written", () => {
  expect(isSameInput({ ...LAMP, name: " Lamp ", price: "19,9" }, LAMP)).toBe(true);
  expect(isSameInput({ ...LAMP, price: "22.00" }, LAMP)).toBe(false);
  expect(isSameInput({ ...LAMP, price: "" }, { ...LAMP, price: "" })).toBe(false);
});
