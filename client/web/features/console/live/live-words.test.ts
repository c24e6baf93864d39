import { expect, it } from "vitest";
import type { SaleFigures } from "../../../../../shared/figures.ts";
import { clockLeft, rateWords, stepWords, summaryWords } from "./live-words.ts";

it("tells how the sale goes in one breath", () => {
  const figures = {
    status: "live",
    items: [
      { soldUnits: 300, remaining: 100 },
      { soldUnits: 40, remaining: 60 },
    ],
    soldUnits: 340,
    unmetUnits: 1,
    takenCents: 680_000,
    perSecond: { purchased: 12, soldOut: 3.4, refused: 0 },
  } as unknown as SaleFigures;
  expect(summaryWords(figures)).toBe(
    "Live. 340 of 500 units sold for €6,800.00, 1 unit asked for in vain, 15 attempts a second.",
  );
});

it.each([
  [-5, "00:00"],
  [1, "00:01"],
  [249_000, "04:09"],
  [3_849_000, "1:04:09"],
  [176_649_000, "2\u00a0d 01:04:09"],
])("what is left of %s ms is %s", (ms, words) => {
  expect(clockLeft(ms)).toBe(words);
});

it("rounds rates as far as one can read them", () => {
  expect([0, 0.333, 9.96, 10.4, 12_345.6].map(rateWords)).toEqual(["0", "0.3", "10", "10", "12,346"]);
});

it("says what a point stands for", () => {
  expect([1, 30, 60, 600, 7_200].map(stepWords)).toEqual([
    "1\u00a0s",
    "30\u00a0s",
    "1\u00a0min",
    "10\u00a0min",
    "2\u00a0h",
  ]);
});
