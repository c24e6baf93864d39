import type { Registry } from "@prometheus-io/client";
import type { MetricJson } from "./metrics-json.ts";

/** How long what a histogram measured took lately: of what came since the look that is some seconds old. */
export class RecentQuantiles {
  readonly #looks: Look[] = [];

  /** @param look cumulative counts by bound, ascending, as they stand now */
  add(look: Look): void {
    this.#looks.push(look);
    while (this.#looks.length > 2 && look.atMs - (this.#looks[1]?.atMs ?? 0) >= WINDOW_MS) this.#looks.shift();
  }

  /**
   * Interpolated within a bucket, as Prometheus does; beyond the last bound it is that bound.
   *
   * @returns in the unit of the bounds; null where nothing came
   */
  of(quantile: number): number | null {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)];
    if (!first || !last) return null;
    const counts = last.counts.map((count, index) => count - (first.counts[index] ?? 0));
    const rank = quantile * (counts.at(-1) ?? 0);
    if (rank === 0) return null;
    const index = counts.findIndex((count) => count >= rank);
    const [lower, upper] = [last.bounds[index - 1] ?? 0, last.bounds[index] ?? 0];
    if (!Number.isFinite(upper)) return lower;
    const below = counts[index - 1] ?? 0;
    return lower + ((upper - lower) * (rank - below)) / ((counts[index] ?? 0) - below);
  }
}

export interface Look {
  readonly atMs: number;
  /** The last one is infinite. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** A figure that changes while one looks, and not with every request. */
const WINDOW_MS = 10_000;

/** Looks at a histogram, over those of its series that are asked for. */
export async function lookAt(
  registry: Registry,
  { name, isAsked }: { name: string; isAsked: (labels: Readonly<Record<string, string | number>>) => boolean },
): Promise<Look> {
  const metric = (await registry.getSingleMetric(name)?.get()) as MetricJson | undefined;
  const byBound = new Map<number, number>();
  for (const { metricName, labels, value } of metric?.values ?? []) {
    if (metricName !== `${name}_bucket` || !isAsked(labels)) continue;
    const bound = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
    byBound.set(bound, (byBound.get(bound) ?? 0) + value);
  }
  const sorted = [...byBound].sort(([a], [b]) => a - b);
  return {
    atMs: performance.now(),
    bounds: sorted.map(([bound]) => bound),
    counts: sorted.map(([, count]) => count),
  };
}
