import { expect, it } from "vitest";
import { type Cell, Tally } from "./tally.ts";

const cell = (at: number, attempts: number, outcome = "PURCHASED"): Cell => ({
  itemId: 1,
  at,
  outcome,
  attempts,
  units: attempts,
  amountCents: 10 * attempts,
});

const byTime = (tally: Tally) =>
  [...tally.cells()]
    .map(({ at, attempts, outcome }) => [at, outcome, attempts])
    .sort((a, b) => Number(a[0]) - Number(b[0]));

it("adds up what is counted and what is not, of the same second too", () => {
  const tally = new Tally(1);
  tally.add({ finalUntil: 100, counted: [cell(99, 5), cell(100, 7)], uncounted: [cell(100, 2), cell(101, 3)] });
  expect(byTime(tally)).toEqual([
    [99, "PURCHASED", 5],
    [100, "PURCHASED", 9],
    [101, "PURCHASED", 3],
  ]);
});

it("keeps the most that was seen of a second while only the newest is read, and what is counted when it is final", () => {
  const tally = new Tally(1);
  tally.add({ finalUntil: 100, counted: [], uncounted: [cell(100, 50), cell(101, 40)] });
  // The newest only: less of the first second than there is, more of the next one.
  tally.add({ finalUntil: 100, counted: [], uncounted: [cell(100, 3), cell(101, 60)] });
  expect(byTime(tally)).toEqual([
    [100, "PURCHASED", 50],
    [101, "PURCHASED", 60],
  ]);
  // It has been counted up to there: that is exact, and read once.
  tally.add({ finalUntil: 101, counted: [cell(100, 55), cell(101, 20)], uncounted: [cell(101, 41)] });
  tally.add({ finalUntil: 101, counted: [cell(101, 20)], uncounted: [cell(101, 41)] });
  expect(byTime(tally)).toEqual([
    [100, "PURCHASED", 55],
    [101, "PURCHASED", 61],
  ]);
});

it("keeps what is final by steps, outcome by outcome", () => {
  const tally = new Tally(10);
  tally.add({ finalUntil: 125, counted: [cell(100, 1), cell(120, 2), cell(120, 4, "OUT_OF_STOCK")], uncounted: [] });
  tally.add({ finalUntil: 135, counted: [cell(120, 1), cell(130, 5)], uncounted: [cell(136, 6)] });
  expect(byTime(tally)).toEqual([
    [100, "PURCHASED", 1],
    [120, "PURCHASED", 3],
    [120, "OUT_OF_STOCK", 4],
    [130, "PURCHASED", 5],
    [136, "PURCHASED", 6],
  ]);
  expect([...tally.recent()]).toHaveLength(1);
});
