import { expect, test } from "vitest";
import { Latencies } from "./latencies.ts";

test("quantiles are in ms and right to a thousandth, from microseconds to minutes", () => {
  for (const scale of [0.01, 1, 100]) {
    const latencies = Latencies.of(Array.from({ length: 1_000 }, (_, n) => (n + 1) * scale));
    for (const share of [0.5, 0.9, 0.99, 1]) {
      const exact = 1_000 * share * scale;
      expect(Math.abs(latencies.quantileMs(share) - exact) / exact).toBeLessThan(0.002);
    }
    expect(latencies.maxMs / scale).toBeCloseTo(1_000, -1);
  }
});

test("nothing counted is zero, and what took no time is still counted", () => {
  const latencies = new Latencies();
  expect([latencies.count, latencies.quantileMs(0.5)]).toEqual([0, 0]);
  latencies.add(0);
  expect(latencies.count).toBe(1);
});
