import { expect, it } from "vitest";
import { createMetrics } from "./create-metrics.ts";
import { metricsText } from "./metrics-json.ts";

it("tells of the process itself, and of nothing that it does not run", async () => {
  const told = (await metricsText([await createMetrics({ instance: "main" }).collect()])).split("\n");
  expect(told.filter((line) => /^(# TYPE )?(doorbuster_|http_)/.test(line))).toEqual([]);
  expect(told.some((line) => line.startsWith('process_cpu_seconds_total{process="main"}'))).toBe(true);
});
