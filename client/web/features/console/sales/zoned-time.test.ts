import { describe, expect, it } from "vitest";
import { laterBy, offsetWords, onNextSameWeekday, readWall, utcWords, wallDistanceMs, wallText } from "./zoned-time.ts";

const at = (iso: string) => Date.parse(iso);
const BERLIN = "Europe/Berlin";

describe("what a wall clock shows", () => {
  it.each([
    ["2026-12-04T18:00", BERLIN, "2026-12-04T17:00:00Z", "UTC+1"],
    ["2026-07-03T00:05", BERLIN, "2026-07-02T22:05:00Z", "UTC+2"],
    ["2026-12-04T18:00", "Asia/Kathmandu", "2026-12-04T12:15:00Z", "UTC+5:45"],
    ["2026-12-04T18:00", "America/St_Johns", "2026-12-04T21:30:00Z", "UTC−3:30"],
    ["2026-12-04T18:00", "Pacific/Kiritimati", "2026-12-04T04:00:00Z", "UTC+14"],
    ["2026-12-04T18:00", "UTC", "2026-12-04T18:00:00Z", "UTC"],
    ["2027-01-01T00:00", "Pacific/Pago_Pago", "2027-01-01T11:00:00Z", "UTC−11"],
  ])("%s in %s is %s", (text, timeZone, utc, offset) => {
    expect(readWall(text, timeZone)).toEqual({ kind: "once", atMs: at(utc) });
    expect(wallText(at(utc), timeZone)).toBe(text);
    expect(offsetWords(at(utc), timeZone)).toBe(offset);
  });

  it("never comes where the clock is put forward, and names what comes instead", () => {
    expect(readWall("2026-03-29T02:30", BERLIN)).toEqual({ kind: "skipped", instead: "2026-03-29T03:30" });
    expect(readWall("2026-03-29T01:59", BERLIN)).toEqual({ kind: "once", atMs: at("2026-03-29T00:59:00Z") });
    expect(readWall("2026-03-29T03:00", BERLIN)).toEqual({ kind: "once", atMs: at("2026-03-29T01:00:00Z") });
    // By half an hour, and at midnight.
    expect(readWall("2026-10-04T02:15", "Australia/Lord_Howe")).toEqual({
      kind: "skipped",
      instead: "2026-10-04T02:45",
    });
    expect(readWall("2026-09-06T00:30", "America/Santiago")).toMatchObject({ kind: "skipped" });
    // A whole day that an island skipped.
    expect(readWall("2011-12-30T12:00", "Pacific/Apia")).toMatchObject({ kind: "skipped" });
  });

  it("comes twice where the clock is put back, and both moments are told apart", () => {
    expect(readWall("2026-10-25T02:30", BERLIN)).toEqual({
      kind: "twice",
      firstMs: at("2026-10-25T00:30:00Z"),
      secondMs: at("2026-10-25T01:30:00Z"),
    });
    expect(readWall("2026-11-01T01:00", "America/New_York")).toMatchObject({ kind: "twice" });
    expect(readWall("2026-10-25T03:00", BERLIN)).toMatchObject({ kind: "once" });
    expect(offsetWords(at("2026-10-25T00:30:00Z"), BERLIN)).toBe("UTC+2");
    expect(offsetWords(at("2026-10-25T01:30:00Z"), BERLIN)).toBe("UTC+1");
  });

  it.each(["", "2026-12-04", "2026-13-04T18:00", "2026-02-31T25:00", "soon", "9999-12-31T23:59", "0000-01-01T00:00"])(
    "%j is no time",
    (text) => {
      expect(readWall(text, BERLIN)).toEqual({ kind: "none" });
    },
  );
});

it("moves a copy to the next same weekday at the same time of the wall clock", () => {
  const move = (text: string, after: string) => onNextSameWeekday(text, { afterMs: at(after), timeZone: BERLIN });
  expect(move("2026-11-27T18:00", "2026-11-28T12:00:00Z")).toBe("2026-12-04T18:00");
  expect(move("2026-11-27T18:00", "2026-12-04T16:59:00Z")).toBe("2026-12-04T18:00");
  // At that very moment it would begin without anybody having planned it.
  expect(move("2026-11-27T18:00", "2026-12-04T17:00:00Z")).toBe("2026-12-11T18:00");
  // Of a sale that is still to come, a week later.
  expect(move("2026-12-04T18:00", "2026-11-28T12:00:00Z")).toBe("2026-12-11T18:00");
  // Over the change of the clocks.
  expect(move("2026-10-23T18:00", "2026-10-24T12:00:00Z")).toBe("2026-10-30T18:00");
  expect(wallDistanceMs("2026-10-23T18:00", "2026-10-30T18:00")).toBe(7 * 24 * 3_600_000);
  expect(laterBy("2026-12-31T23:30", 3_600_000)).toBe("2027-01-01T00:30");
});

it("says a moment in UTC with its weekday and year", () => {
  expect(utcWords(at("2026-12-04T17:00:00Z"))).toBe("Fri 4 Dec 2026, 17:00 UTC");
});
