import { expect, test } from "vitest";
import { Histogram } from "./histogram.ts";

test("quantiles are right to half a percent over seven orders of magnitude", () => {
  for (const scale of [0.01, 1, 100]) {
    const histogram = new Histogram();
    for (let n = 1; n <= 1_000; n++) histogram.add(n * scale);
    for (const share of [0.01, 0.5, 0.9, 0.99]) {
      const exact = 1_000 * share * scale;
      expect(Math.abs(histogram.quantile(share) - exact) / exact).toBeLessThan(0.0051);
    }
    expect(histogram.quantile(1)).toBe(1_000 * scale);
  }
});

test("one slow answer in a hundred is the p99's business only beyond that share", () => {
  const histogram = new Histogram();
  for (let n = 0; n < 99; n++) histogram.add(1);
  histogram.add(500);
  expect(histogram.quantile(0.99)).toBeCloseTo(1, 1);
  expect(histogram.quantile(0.999)).toBe(500);
  expect(histogram.max).toBe(500);
});

test("nothing counted is zero, and what is beyond all bounds is still counted", () => {
  const histogram = new Histogram();
  expect(histogram.quantile(0.5)).toBe(0);
  histogram.add(0);
  histogram.add(1e9);
  expect(histogram.total).toBe(2);
  expect(histogram.max).toBe(1e9);
});
