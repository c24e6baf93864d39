import { expect, test } from "vitest";
import { median, summarize } from "./statistics.ts";

test("the median is the middle value, or the mean of the two in the middle", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 1, 2, 3])).toBe(2.5);
  expect(median([7])).toBe(7);
});

test("one round that went wrong does not move the median, but shows in the spread", () => {
  expect(summarize([100, 5, 102])).toEqual({ median: 100, min: 5, max: 102 });
});

test("values stay in the order in which they came", () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});
