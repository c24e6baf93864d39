import { expect, it } from "vitest";
import { changeWords } from "./change-words.ts";

it("says what was and what became of it, and leaves out only what stayed", () => {
  const details = {
    before: { name: "A", priceCents: 100, items: [1] },
    after: { name: "B", priceCents: 100, items: [1] },
  };
  expect(changeWords({ ...details, reason: "Typo" })).toEqual(["name: A → B", "reason: Typo"]);
});

it("says all that it does not know", () => {
  expect(changeWords({ after: { active: true }, list: [1, "x"], none: null })).toEqual([
    'after: {"active":true}',
    'list: [1,"x"]',
    "none: none",
  ]);
  expect(changeWords({})).toEqual([]);
});
