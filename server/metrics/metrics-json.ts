import { Registry } from "@prometheus-io/client";

/** The metrics of one process as plain data, which other processes can be sent. */
export type MetricsJson = readonly MetricJson[];

export interface MetricJson {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  readonly values: readonly Sample[];
}

export interface Sample {
  /** Where it is not the metric's own: a histogram's `…_bucket`, `…_sum` and `…_count`. */
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** All that a registry holds now, each sample with `labels`. What is not a number (a mean of nothing) is left out. */
export async function metricsJson(registry: Registry, labels: Sample["labels"] = {}): Promise<MetricsJson> {
  const metrics = (await registry.getMetricsAsJSON()) as unknown as MetricJson[];
  return metrics.map(({ name, help, type, values }) => ({
    name,
    help,
    type,
    values: values
      .filter(({ value }) => Number.isFinite(value))
      .map(({ metricName, labels: own, value }) => ({
        ...(metricName !== undefined && { metricName }),
        labels: { ...labels, ...own },
        value,
      })),
  }));
}

/** Several processes' metrics as Prometheus reads them. Their samples stand beside each other: a label tells them apart. */
export async function metricsText(all: readonly MetricsJson[]): Promise<string> {
  const merged = new Map<string, { first: MetricJson; values: Sample[] }>();
  for (const metric of all.flat()) {
    const known = merged.get(metric.name);
    if (known) known.values.push(...metric.values);
    else merged.set(metric.name, { first: metric, values: [...metric.values] });
  }
  const registry = new Registry();
  for (const { first, values } of merged.values()) registerCollected(registry, first, () => values);
  return registry.metrics();
}

/** Registers a metric whose samples are made when somebody asks. */
export function registerCollected(
  registry: Registry,
  { name, help, type }: Omit<MetricJson, "values">,
  collect: () => readonly Sample[] | Promise<readonly Sample[]>,
): void {
  const metric = {
    name,
    help,
    type,
    aggregator: "sum",
    get: async () => ({ name, help, type, aggregator: "sum", values: await collect() }),
    reset() {},
  };
  // The types name the library's own four classes; all that a registry does with a metric is this.
  registry.registerMetric(metric as never);
}

/** Registers a metric without labels of its own that is read when somebody asks. */
export function registerValue(
  registry: Registry,
  type: "gauge" | "counter",
  [name, help]: readonly [name: string, help: string],
  read: () => number,
): void {
  registerCollected(registry, { name, help, type }, () => [{ labels: {}, value: read() }]);
}

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;
