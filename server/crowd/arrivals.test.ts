import { expect, test } from "vitest";
import { ARRIVAL_CURVES, type ArrivalCurve } from "../../shared/rehearsals.ts";
import { arrivalMs } from "./arrivals.ts";

const BUYERS = 1_000;
const times = (curve: ArrivalCurve) => Array.from({ length: BUYERS }, (_, at) => arrivalMs(curve, at / BUYERS, 70_000));
const by = (curve: ArrivalCurve, ms: number) => times(curve).filter((time) => time <= ms).length;

test.each(ARRIVAL_CURVES)("with the curve %s all come one after the other within their time", (curve) => {
  const all = times(curve);
  expect(all[0]).toBeCloseTo(0);
  expect(all.at(-1)).toBeLessThan(70_000);
  expect(all).toEqual(all.toSorted((a, b) => a - b));
});

test("of a rush half come within the first seventh, of a steady crowd a seventh", () => {
  expect(by("rush", 10_000)).toBeGreaterThan(500);
  expect(by("rush", 9_000)).toBeLessThan(500);
  expect(by("steady", 10_000)).toBe(143);
});

test("of two waves one comes at the opening and the other half way", () => {
  expect(by("waves", 5_000)).toBeGreaterThan(250);
  expect(by("waves", 34_999)).toBe(500);
  expect(by("waves", 40_000)).toBeGreaterThan(750);
});
