import { expect, it } from "vitest";
import { Buckets } from "./buckets.ts";

it("counts a value in its bucket and all above, a bound in the bucket that it ends", () => {
  const buckets = new Buckets([1, 2]);
  for (const value of [0.5, 1, 1.5, 7]) buckets.observe(value);
  const labels = { route: "/" };
  expect(buckets.samples("x_seconds", labels)).toEqual([
    { metricName: "x_seconds_bucket", labels: { ...labels, le: 1 }, value: 2 },
    { metricName: "x_seconds_bucket", labels: { ...labels, le: 2 }, value: 3 },
    { metricName: "x_seconds_bucket", labels: { ...labels, le: "+Inf" }, value: 4 },
    { metricName: "x_seconds_sum", labels, value: 10 },
    { metricName: "x_seconds_count", labels, value: 4 },
  ]);
});
