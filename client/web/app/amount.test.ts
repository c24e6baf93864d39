import { expect, test } from "vitest";
import { amountText, parseAmountCents, parseWhole } from "./amount.ts";

const CENTS_MAX = 1_000_000;

test.each([
  ["50", 5_000],
  ["49.90", 4_990],
  ["49,9", 4_990],
  [" € 50 ", 5_000],
  ["1,250.00", 125_000],
  ["0.01", 1],
])("reads %j", (text, cents) => {
  expect(parseAmountCents(text, CENTS_MAX)).toBe(cents);
});

test.each(["", "0", "-5", "abc", "1.234", "5e3", "10000.01"])("refuses %j", (text) => {
  expect(parseAmountCents(text, CENTS_MAX)).toBeUndefined();
});

test("reads the largest amount", () => {
  expect(parseAmountCents("10000", CENTS_MAX)).toBe(CENTS_MAX);
});

test("reads what it writes", () => {
  for (const cents of [1, 10, 4_990, 100_000]) expect(parseAmountCents(amountText(cents), CENTS_MAX)).toBe(cents);
});

test.each([
  ["7", 7],
  [" 1,000 ", 1_000],
  ["1 000", 1_000],
  ["0", undefined],
  ["1001", undefined],
  ["1.5", undefined],
  ["-3", undefined],
  ["1,00", undefined],
  ["", undefined],
])("reads %j as a whole number from 1 to 1,000", (text, number) => {
  expect(parseWhole(text, { min: 1, max: 1_000 })).toBe(number);
});
