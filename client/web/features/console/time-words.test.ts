import { expect, test } from "vitest";
import { distanceWords, lengthWords, secondsLeft } from "./time-words.ts";

const NOW = Date.parse("2030-01-01T12:00:00Z");

test("a moment is told by its distance in the largest unit that it fills", () => {
  expect(distanceWords(NOW - 12_000, NOW)).toBe("12 sec ago");
  expect(distanceWords(NOW + 3_000, NOW)).toBe("in 3 sec");
  expect(distanceWords(NOW - 119_000, NOW)).toBe("1 min ago");
  expect(distanceWords(NOW + 7_200_000, NOW)).toBe("in 2 hr");
  expect(distanceWords(NOW + 200, NOW)).toBe("now");
});

test("a length of time is told in the unit that a person would use", () => {
  expect(lengthWords(0)).toBe("0\u00a0ms");
  expect(lengthWords(850)).toBe("850\u00a0ms");
  expect(lengthWords(4_230)).toBe("4.2\u00a0s");
  expect(lengthWords(185_000)).toBe("3\u00a0min 5\u00a0s");
  expect(lengthWords(120_000)).toBe("2\u00a0min");
});

test("what is left runs down to nothing and not below", () => {
  expect(secondsLeft("2030-01-01T12:00:10Z", NOW)).toBe(10);
  expect(secondsLeft("2030-01-01T12:00:00.100Z", NOW)).toBe(1);
  expect(secondsLeft("2030-01-01T11:59:00Z", NOW)).toBe(0);
});
