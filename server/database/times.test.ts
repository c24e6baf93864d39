import { describe, expect, it } from "vitest";
import { isoTime, storedTimeSchema } from "./times.ts";

describe("a time", () => {
  it.each([
    ["2026-12-01 04:05:06.123456+00", "2026-12-01T04:05:06.123Z"],
    [0, "1970-01-01T00:00:00.000Z"],
    ["infinity", "+275760-09-13T00:00:00.000Z"],
    ["294276-12-31 00:00:00+00", "+275760-09-13T00:00:00.000Z"],
    ["-infinity", "-271821-04-20T00:00:00.000Z"],
    ["4000-01-01 00:00:00+00 BC", "-271821-04-20T00:00:00.000Z"],
    [Number.NEGATIVE_INFINITY, "-271821-04-20T00:00:00.000Z"],
  ])("%s is told as ISO 8601, the nearest that there is", (time, told) => {
    expect(isoTime(time)).toBe(told);
  });

  it("that is none is not told as one", () => {
    for (const time of ["", "yesterday", Number.NaN]) expect(() => isoTime(time)).toThrow(RangeError);
  });
});

describe("a cursor's time", () => {
  it.each([
    "2026-12-01 04:05:06.123456+00",
    "1999-01-01 00:00:00+00",
    "20000-02-29 00:00:00+00",
    "infinity",
    "-infinity",
  ])("may be %s", (time) => expect(storedTimeSchema.parse(time)).toBe(time));

  it.each([
    "",
    "now",
    "2026-02-30 00:00:00+00",
    "2026-13-01 00:00:00+00",
    "2026-12-01 25:00:00+00",
    "2026-12-01",
    "999999-01-01 00:00:00+00",
  ])("may not be %s, which the database would refuse or take for another", (time) =>
    expect(storedTimeSchema.safeParse(time).success).toBe(false),
  );
});
