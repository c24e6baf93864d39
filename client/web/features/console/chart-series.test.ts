import { expect, test } from "vitest";
import { minutesCovered, SERIES, seriesTotal } from "./chart-series.ts";

const point = { at: "2030-01-01T12:00:00Z", purchased: 3, refused: 1, tasksCompleted: 2, tasksFailed: 0, tasksOpen: 7 };

test("what came is added up, and what is open is told as it is now", () => {
  const points = [point, { ...point, tasksOpen: 4 }];
  const totals = Object.fromEntries(
    [...SERIES.purchases, ...SERIES.tasks].map((series) => [series.key, seriesTotal(points, series)]),
  );
  expect(totals).toEqual({ purchased: 6, refused: 2, tasksCompleted: 4, tasksFailed: 0, tasksOpen: 4 });
});

test("no points are no minutes, but a chart of nothing still has a length", () => {
  expect(minutesCovered({ points: [], stepSeconds: 10 })).toBe(1);
  expect(minutesCovered({ points: Array.from({ length: 60 }, () => point), stepSeconds: 10 })).toBe(10);
  expect(seriesTotal([], { key: "tasksOpen", words: "", colour: "", sign: "", isLine: true })).toBe(0);
});
