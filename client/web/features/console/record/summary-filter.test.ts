import { expect, it } from "vitest";
import { summaryFilterOf } from "./summary-filter.ts";

const NOW_MS = Date.parse("2026-12-31T23:30:00Z");

it("is of this month of the time zone, which may be another than that of UTC", () => {
  expect(summaryFilterOf({ zone: "UTC" }, NOW_MS)).toEqual({ first: "2026-12-01", last: "2026-12-31", zone: "UTC" });
  expect(summaryFilterOf({ zone: "Asia/Tokyo" }, NOW_MS)).toMatchObject({ first: "2027-01-01", last: "2027-01-01" });
});

it("is of what the address says", () => {
  const search = { first: "2026-01-01", last: "2026-02-01", zone: "Europe/Berlin", saleId: "3" };
  expect(summaryFilterOf(search, NOW_MS)).toEqual({ ...search, saleId: 3 });
  expect(summaryFilterOf({ zone: "Mars/Olympus", saleId: "x" }, NOW_MS)).toMatchObject({ last: "2026-12-31" });
});
