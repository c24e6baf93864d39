import { expect, test } from "vitest";
import { contestantResult, judge } from "../judge.ts";
import type { FigureResult } from "../result.ts";
import { number, table } from "./table.ts";

const HEAD = { id: "P1", what: "buying", unit: "purchases/s" };

function measured(): FigureResult {
  const subject = contestantResult("shop", [{ value: 17_000, details: { "memory MB": 310 } }, { value: 18_000 }]);
  const peers = [
    contestantResult("textbook", [{ value: 500 }, { value: 500 }]),
    contestantResult("other", [{ value: 7_000 }]),
    { name: "Redis", absentBecause: "redis-server is not installed" },
  ];
  const targets = [
    { against: "textbook", atLeast: 25 },
    { against: "Redis", atLeast: 1 },
    { detail: "memory MB", atMost: 300 },
  ];
  return { ...HEAD, state: "measured", subject, peers, verdicts: judge({ targets }, { subject, peers }) };
}

test("each target has a line that says what was reached, against whom, and whether it was met", () => {
  const [, , textbook = "", redis = "", memory = "", other = ""] = table([measured()]).split("\n");
  for (const text of ["17,500", "17,000–18,000", "textbook", "500", "35 ×", "≥ 25 ×", "met"]) {
    expect(textbook).toContain(text);
  }
  expect(redis).toContain("skipped: redis-server is not installed");
  for (const text of ["memory MB", "310", "≤ 300", "MISSED"]) expect(memory).toContain(text);
  expect(other).toMatch(/other +7,000 +2.5 ×$/);
});

test("a figure that was not measured says so", () => {
  const text = table([{ ...HEAD, state: "not reconciled", reason: "stock" }]);
  expect(text).toContain("NOT RECONCILED");
});

test("columns stand below each other", () => {
  const lines = table([measured()]).split("\n");
  const at = lines[0]?.indexOf("unit") ?? -1;
  for (const line of lines.slice(2)) expect(line.slice(at - 2, at)).toBe("  ");
});

test("numbers have the digits that mean something", () => {
  expect([17_345.6, 999.5, 12.345, 0.04567, Number.NaN].map(number)).toEqual(["17,346", "1000", "12.3", "0.0457", ""]);
});
