import { expect, test } from "vitest";
import { momentWords } from "./moment-words.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");

function inZone(at: string, timeZone: string, nowMs = NOW): string {
  return momentWords(at, { nowMs, timeZone });
}

test("a moment of this year has its date, its time and its zone", () => {
  expect(inZone("2026-11-20T17:00:00Z", "UTC")).toBe("20 Nov, 17:00 UTC");
  expect(inZone("2026-11-20T17:00:00Z", "Europe/Berlin")).toBe("20 Nov, 18:00 GMT+1");
  expect(inZone("2026-11-20T17:00:00Z", "Asia/Kolkata")).toBe("20 Nov, 22:30 GMT+5:30");
});

test("a moment of another year has the year as well, before and after", () => {
  expect(inZone("2028-02-29T23:30:00Z", "UTC")).toBe("29 Feb 2028, 23:30 UTC");
  expect(inZone("2025-12-31T23:59:59Z", "UTC")).toBe("31 Dec 2025, 23:59 UTC");
});

test("on paper that is kept a moment of this year has its year as well", () => {
  const words = momentWords("2026-11-30T16:23:00Z", { nowMs: NOW, timeZone: "UTC", withYear: true });
  expect(words).toBe("30 Nov 2026, 16:23 UTC");
});

test("which year it is, of the moment and of now, is the reader's zone's to say", () => {
  const newYear = Date.parse("2026-12-31T23:30:00Z");
  expect(inZone("2026-12-31T23:45:00Z", "UTC", newYear)).toBe("31 Dec, 23:45 UTC");
  expect(inZone("2027-01-01T00:15:00Z", "UTC", newYear)).toBe("1 Jan 2027, 00:15 UTC");
  expect(inZone("2027-01-01T00:15:00Z", "Europe/Berlin", newYear)).toBe("1 Jan, 01:15 GMT+1");
  expect(inZone("2026-12-31T21:00:00Z", "Europe/Berlin", newYear)).toBe("31 Dec 2026, 22:00 GMT+1");
});

test("the hour that a clock shows twice is told apart by its zone, and midnight is 00:00", () => {
  expect(inZone("2026-10-25T00:30:00Z", "Europe/Berlin")).toBe("25 Oct, 02:30 GMT+2");
  expect(inZone("2026-10-25T01:30:00Z", "Europe/Berlin")).toBe("25 Oct, 02:30 GMT+1");
  expect(inZone("2026-03-29T00:59:00Z", "Europe/Berlin")).toBe("29 Mar, 01:59 GMT+1");
  expect(inZone("2026-03-29T01:00:00Z", "Europe/Berlin")).toBe("29 Mar, 03:00 GMT+2");
  expect(inZone("2026-11-30T00:00:00Z", "UTC")).toBe("30 Nov, 00:00 UTC");
});
