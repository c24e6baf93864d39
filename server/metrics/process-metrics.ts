import { performance } from "node:perf_hooks";
import { collectDefaultMetrics, type Registry } from "@prometheus-io/client";
import { registerCollected } from "./metrics-json.ts";

/**
 * Measures the process itself: CPU, memory, files, garbage collection, and how late and how busy the event loop is. That
 * takes some 5 ms of CPU a second, whatever the process does.
 */
export function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  // Their share of time is told by one counter, over whatever range is asked for, instead of two dozen series.
  for (const name of ["nodejs_eventloop_utilization_summary", "nodejs_eventloop_utilization_histogram"]) {
    registry.removeSingleMetric(name);
  }
  registerCollected(
    registry,
    {
      name: "nodejs_eventloop_active_seconds_total",
      help: "Seconds that the event loop was not waiting. Its rate is the share of one core that is the most it can use.",
      type: "counter",
    },
    () => [{ labels: {}, value: performance.eventLoopUtilization().active / 1_000 }],
  );
}
