import { expect, test } from "vitest";
import { unitsWords } from "./units-words.ts";

test("tells how many are left only where that matters", () => {
  expect([1_000, 6, 5, 2, 1, 0, -1].map((units) => unitsWords(units).text)).toEqual([
    "In stock",
    "In stock",
    "Only 5 left",
    "Only 2 left",
    "Last one",
    "Sold out",
    "Sold out",
  ]);
});

test("few are a warning, none are not", () => {
  expect([6, 5, 1, 0].map((units) => unitsWords(units).level)).toEqual(["plenty", "low", "low", "gone"]);
});
