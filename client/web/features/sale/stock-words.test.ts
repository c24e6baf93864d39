import { expect, test } from "vitest";
import { stockWords } from "./stock-words.ts";

test("says how many of how many are left", () => {
  expect(stockWords({ remaining: 37, allotted: 100 })).toEqual({
    text: "37 of 100 left",
    level: "plenty",
    fraction: 0.37,
  });
  expect(stockWords({ remaining: 9_000, allotted: 10_000 }).text).toBe("9,000 of 10,000 left");
});

test("warns when a fifth or less is left", () => {
  expect(stockWords({ remaining: 20, allotted: 100 })).toMatchObject({ text: "Only 20 of 100 left", level: "low" });
  expect(stockWords({ remaining: 21, allotted: 100 }).level).toBe("plenty");
});

test("names the last one", () => {
  expect(stockWords({ remaining: 1, allotted: 100 })).toMatchObject({
    text: "Last one · 1 of 100 left",
    level: "last",
  });
  expect(stockWords({ remaining: 1, allotted: 1 }).level).toBe("plenty");
});

test("an item without units is sold out", () => {
  expect(stockWords({ remaining: 0, allotted: 100 })).toEqual({ text: "Sold out", level: "gone", fraction: 0 });
  expect(stockWords({ remaining: 0, allotted: 0 }).text).toBe("Sold out");
});
