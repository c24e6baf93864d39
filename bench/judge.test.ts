import { describe, expect, test } from "vitest";
import type { Target } from "./figure.ts";
import { contestantResult, judge } from "./judge.ts";

const subject = contestantResult("shop", [
  { value: 90, details: { "memory MB": 250 } },
  { value: 110, details: { "memory MB": 350 } },
  { value: 100 },
]);
const peer = contestantResult("peer", [{ value: 10 }, { value: 20 }, { value: 40 }]);

function verdictOn(target: Target) {
  const [verdict] = judge(
    { targets: [target] },
    { subject, peers: [peer, { name: "gone", absentBecause: "no such" }] },
  );
  return verdict;
}

describe("a target against a peer", () => {
  test("is judged by the ratio of the medians", () => {
    expect(verdictOn({ against: "peer", atLeast: 5 })).toMatchObject({ reached: 5, state: "met" });
    expect(verdictOn({ against: "peer", atLeast: 5.01 })).toMatchObject({ reached: 5, state: "missed" });
  });

  test("may be an upper bound", () => {
    expect(verdictOn({ against: "peer", atMost: 5 })).toMatchObject({ state: "met" });
    expect(verdictOn({ against: "peer", atMost: 4.9 })).toMatchObject({ state: "missed" });
  });

  test("is skipped, with the reason, when the peer is absent", () => {
    expect(verdictOn({ against: "gone", atLeast: 1 })).toMatchObject({ state: "skipped", reason: "no such" });
  });

  test("fails loudly when nobody has that name", () => {
    expect(() => verdictOn({ against: "peeer", atLeast: 1 })).toThrow("peeer");
  });
});

test("a target of its own is judged by the median itself", () => {
  expect(verdictOn({ atLeast: 100 })).toMatchObject({ reached: 100, state: "met" });
  expect(verdictOn({ atMost: 99 })).toMatchObject({ reached: 100, state: "missed" });
});

test("a target about a detail is judged by the median of that detail", () => {
  expect(verdictOn({ detail: "memory MB", atMost: 300 })).toMatchObject({ reached: 300, state: "met" });
  expect(verdictOn({ detail: "heat K", atMost: 300 })).toMatchObject({ state: "skipped" });
});
