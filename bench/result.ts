import type { Target } from "./figure.ts";
import type { Summary } from "./report/statistics.ts";

/** What a figure came to. */
export type FigureResult = MeasuredFigure | UnmeasuredFigure;

interface FigureHead {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
}

export interface MeasuredFigure extends FigureHead {
  readonly state: "measured";
  readonly subject: ContestantResult;
  readonly peers: readonly (ContestantResult | { readonly name: string; readonly absentBecause: string })[];
  readonly verdicts: readonly Verdict[];
}

export interface UnmeasuredFigure extends FigureHead {
  readonly state: "skipped" | "crashed" | "not reconciled";
  readonly reason: string;
}

export interface ContestantResult extends Summary {
  readonly name: string;
  /** In the order of the rounds. */
  readonly rounds: readonly number[];
  readonly details: Readonly<Record<string, Summary>>;
}

/** What became of a target. */
export interface Verdict {
  readonly target: Target;
  /** The ratio of the medians, or the median of what the target is about; undefined when its peer was absent. */
  readonly reached: number | undefined;
  readonly state: "met" | "missed" | "skipped";
  /** Why it was skipped. */
  readonly reason?: string;
}
