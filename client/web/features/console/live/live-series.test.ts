import { expect, it } from "vitest";
import { attemptRows, LINES, leftRows, lineKey, lineLooks } from "./live-series.ts";

const points = {
  from: "2026-12-01T18:00:00.000Z",
  stepSeconds: 5,
  attempts: { purchased: [10, 0], soldOut: [0, 25], refused: [5, 5] },
};

it("shows attempts a second, whatever a point stands for, at its end", () => {
  expect(attemptRows({ points })).toEqual([
    { at: "2026-12-01T18:00:05.000Z", purchased: 2, soldOut: 0, refused: 1 },
    { at: "2026-12-01T18:00:10.000Z", purchased: 0, soldOut: 5, refused: 1 },
  ]);
});

it("draws the items that have lines, each in its own way", () => {
  const item = (id: number, left: number[]) => ({
    id,
    name: `Item ${id}`,
    allotted: 9,
    remaining: 4,
    soldUnits: 5,
    takenCents: 500,
    unmetUnits: 0,
    left,
  });
  const items = [item(7, [9, 4]), item(8, []), item(9, [3, 3])];
  expect(leftRows({ points, items }).map((row) => [row[lineKey(7)], row[lineKey(8)], row[lineKey(9)]])).toEqual([
    [9, undefined, 3],
    [4, undefined, 3],
  ]);
  expect([...lineLooks({ items })]).toEqual([
    [7, LINES[0]],
    [9, LINES[1]],
  ]);
  expect(new Set(LINES.map(({ colour, dash }) => colour + dash)).size).toBe(LINES.length);
});
