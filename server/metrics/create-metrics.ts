import { performance } from "node:perf_hooks";
import { collectDefaultMetrics, Registry } from "@prometheus-io/client";
import { type MetricsJson, metricsJson, registerValue } from "./metrics-json.ts";

/** What one process counts: itself, and what its parts register. */
export interface Metrics {
  readonly registry: Registry;
  /** Everything as it is now. Each sample is labelled with the process. */
  collect(): Promise<MetricsJson>;
}

/** @param instance names the process among those of one shop, and stays the same when another takes its place: `web-1` */
export function createMetrics({ instance }: { instance: string }): Metrics {
  const registry = processRegistry();
  return { registry, collect: () => metricsJson(registry, { process: instance }) };
}

/**
 * Measures the process itself: CPU, memory, files, garbage collection, and how late and how busy the event loop is. That
 * takes some 5 ms of CPU a second, whatever the process does.
 */
export function processRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Their share of time is told by one counter, over whatever range is asked for, instead of two dozen series.
  for (const name of ["nodejs_eventloop_utilization_summary", "nodejs_eventloop_utilization_histogram"]) {
    registry.removeSingleMetric(name);
  }
  registerValue(
    registry,
    "counter",
    [
      "nodejs_eventloop_active_seconds_total",
      "Seconds that the event loop was not waiting. Its rate is the share of one core that is the most it can use.",
    ],
    () => performance.eventLoopUtilization().active / 1_000,
  );
  return registry;
}
