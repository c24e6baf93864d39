import { expect, test } from "vitest";
import { countdownParts, countdownWords, fractionLeft, untilNextSecondMs } from "./countdown.ts";

const HOUR_MS = 3_600_000;

test("shows days, hours, minutes and seconds", () => {
  const leftMs = 2 * 24 * HOUR_MS + 3 * HOUR_MS + 4 * 60_000 + 5_000;
  expect(countdownParts(leftMs)).toEqual({ days: 2, hours: "03", minutes: "04", seconds: "05" });
});

test("shows zero when the moment has come, and not a millisecond before", () => {
  expect(countdownParts(1).seconds).toBe("01");
  expect(countdownParts(0)).toEqual({ days: 0, hours: "00", minutes: "00", seconds: "00" });
  expect(countdownParts(-5_000)).toEqual(countdownParts(0));
});

test("the next tick comes when the shown second changes", () => {
  expect(untilNextSecondMs(2_400)).toBe(400);
  expect(untilNextSecondMs(2_000)).toBe(1_000);
  expect(untilNextSecondMs(-300)).toBe(700);
});

test("says the two largest units", () => {
  expect(countdownWords(26 * HOUR_MS + 30 * 60_000)).toBe("1 day 2 hours");
  expect(countdownWords(61 * 60_000)).toBe("1 hour 1 minute");
  expect(countdownWords(61_000)).toBe("1 minute");
  expect(countdownWords(1_000)).toBe("1 second");
});

test("the fraction left falls from one to zero and stays in between", () => {
  const sale = { startsAtMs: 1_000, endsAtMs: 5_000 };
  expect([0, 1_000, 3_000, 5_000, 9_000].map((nowMs) => fractionLeft({ ...sale, nowMs }))).toEqual([1, 1, 0.5, 0, 0]);
  expect(fractionLeft({ startsAtMs: 5, endsAtMs: 5, nowMs: 5 })).toBe(0);
});
