import { expect, it } from "vitest";
import {
  addProduct,
  familyFieldsOf,
  familyLines,
  isSameFamily,
  moveProduct,
  readFamily,
  setValue,
} from "./family-fields.ts";

const SHIRT = {
  name: "Shirt",
  optionNames: ["Size", "Colour"],
  variants: [
    { productId: 1, productName: "Shirt S", values: ["S", "Red"] },
    { productId: 2, productName: "Shirt M", values: ["M", "Red"] },
  ],
};

it("reads what was typed, and names each field that is wrong", () => {
  expect(readFamily(SHIRT).input).toMatchObject({ name: "Shirt", variants: [{ productId: 1 }, { productId: 2 }] });
  expect(Object.keys(readFamily(familyFieldsOf()).errors)).toEqual(expect.arrayContaining(["name", "variants"]));
  const twice = setValue(SHIRT, { at: 1, option: 0, value: "S" });
  expect(readFamily(twice).errors).toEqual({ "variants.1.values": "Two products cannot have the same values." });
  const empty = setValue(SHIRT, { at: 0, option: 1, value: " " });
  expect(readFamily(empty).errors).toEqual({ "variants.0.values.1": "A value is 1 to 40 characters." });
});

it("puts products into the order in which buyers see their values, each once", () => {
  const three = addProduct(addProduct(SHIRT, { id: 3, name: "Shirt L" }), { id: 3, name: "Shirt L" });
  expect(moveProduct(three, 2, -1).variants.map(({ productId }) => productId)).toEqual([1, 3, 2]);
  expect(familyLines(SHIRT)).toEqual([
    "Name: Shirt",
    "Chosen by: Size, Colour",
    "1. Shirt S: S, Red",
    "2. Shirt M: M, Red",
  ]);
});

it("takes what the shop has by now for what was typed, however that was written", () => {
  expect(isSameFamily({ ...SHIRT, name: " Shirt " }, SHIRT)).toBe(true);
  expect(isSameFamily(setValue(SHIRT, { at: 1, option: 0, value: "L" }), SHIRT)).toBe(false);
  expect(isSameFamily(familyFieldsOf(), familyFieldsOf())).toBe(false);
});
