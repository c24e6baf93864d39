import { expect, test } from "vitest";
import { parseAmountCents, TOP_UP_CENTS_MAX } from "./amount.ts";

test.each([
  ["50", 5_000],
  ["49.90", 4_990],
  ["49,9", 4_990],
  [" € 50 ", 5_000],
  ["1,250.00", 125_000],
  ["0.01", 1],
])("reads %j", (text, cents) => {
  expect(parseAmountCents(text)).toBe(cents);
});

test.each(["", "0", "-5", "abc", "1.234", "5e3", "10000.01"])("refuses %j", (text) => {
  expect(parseAmountCents(text)).toBeUndefined();
});

test("reads the largest amount", () => {
  expect(parseAmountCents("10000")).toBe(TOP_UP_CENTS_MAX);
});
