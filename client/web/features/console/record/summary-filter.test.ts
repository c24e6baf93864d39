import { expect, it } from "vitest";
import { summaryFilterSchema } from "../../../../../shared/record.ts";
import { summaryFilterOf, summarySearchOf } from "./summary-filter.ts";

const NOW_MS = Date.parse("2026-12-31T23:30:00Z");

it("is of this month of the time zone, which may be another than that of UTC", () => {
  const utc = { show: "summary", first: "2026-12-01", last: "2026-12-31", zone: "UTC" };
  expect(summarySearchOf({ zone: "UTC" }, NOW_MS)).toEqual(utc);
  const tokyo = { first: "2027-01-01", last: "2027-01-01" };
  expect(summarySearchOf({ zone: "Asia/Tokyo" }, NOW_MS)).toMatchObject(tokyo);
  expect(summarySearchOf({ zone: "Mars/Olympus" }, NOW_MS)).toMatchObject({ last: "2026-12-31" });
});

it("is of what the address says, and of nothing before days and zone stand in it", () => {
  const search = { first: "2026-01-01", last: "2026-02-01", zone: "Europe/Berlin", saleId: "3" };
  expect(summaryFilterOf(search)).toEqual({ ...search, saleId: 3 });
  expect(summarySearchOf(search, NOW_MS)).toEqual({ show: "summary", ...search });
  for (const open of ["first", "last", "zone"]) {
    expect(summaryFilterOf({ ...search, [open]: undefined })).toBeUndefined();
    expect(summaryFilterOf(summarySearchOf({ ...search, [open]: "" }, NOW_MS))).toBeDefined();
  }
});

it("is of no sale but the one that the address names: what names none is refused", () => {
  const asked = summaryFilterOf(summarySearchOf({ zone: "UTC", saleId: "abc" }, NOW_MS));
  expect(summaryFilterSchema.safeParse(asked).error?.issues[0]?.path).toEqual(["saleId"]);
});
