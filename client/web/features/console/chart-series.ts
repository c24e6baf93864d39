import type { Metrics } from "../../../../shared/operations.ts";

export type ChartName = "purchases" | "tasks";

/** One row of numbers in a chart. */
export interface Series {
  readonly key: Exclude<keyof Metrics["points"][number], "at">;
  readonly words: string;
  readonly colour: string;
  /** The class of its sign in the legend. */
  readonly sign: string;
  /** How much there was at each moment, rather than how much came since the one before. */
  readonly isLine?: boolean;
}

export const SERIES: Record<ChartName, readonly Series[]> = {
  purchases: [
    { key: "purchased", words: "Purchases", colour: "var(--color-good)", sign: "bg-good" },
    { key: "refused", words: "Refused", colour: "var(--color-hot)", sign: "bg-hot" },
  ],
  tasks: [
    { key: "tasksCompleted", words: "Completed", colour: "var(--color-good)", sign: "bg-good" },
    { key: "tasksFailed", words: "Failed", colour: "var(--color-hot)", sign: "bg-hot" },
    { key: "tasksOpen", words: "Open", colour: "var(--color-ink)", sign: "bg-ink", isLine: true },
  ],
};

/** What a chart says in one number: all that came in its time, or how much there is now. */
export function seriesTotal(points: Metrics["points"], { key, isLine = false }: Series): number {
  if (isLine) return points.at(-1)?.[key] ?? 0;
  return points.reduce((sum, point) => sum + point[key], 0);
}

/** Whole minutes that the points cover, at least one. */
export function minutesCovered({ points, stepSeconds }: Pick<Metrics, "points" | "stepSeconds">): number {
  return Math.max(1, Math.round((points.length * stepSeconds) / 60));
}
