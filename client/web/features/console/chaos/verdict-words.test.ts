import { expect, test } from "vitest";
import { verdictWords } from "./verdict-words.ts";

const counts = { tasks: 5, dispatched: 5, refused: 0, cancelled: 0, waiting: 0, lost: 0, doubled: 0 };

test("only a run that is over, lost nothing, doubled nothing and agrees is called good", () => {
  expect(verdictWords({ counts, agrees: true })).toEqual({ title: "Everything exactly once", tone: "good" });
  expect(verdictWords({ counts: { ...counts, waiting: 1 }, agrees: true }).tone).toBe("plain");
  expect(verdictWords({ counts: null, agrees: null }).tone).toBe("plain");
});

test("what was lost or doubled is bad news, also while others are on their way", () => {
  expect(verdictWords({ counts: { ...counts, waiting: 9, lost: 1 }, agrees: true }).tone).toBe("bad");
  expect(verdictWords({ counts: { ...counts, doubled: 1 }, agrees: true }).tone).toBe("bad");
  expect(verdictWords({ counts, agrees: false }).tone).toBe("bad");
});
