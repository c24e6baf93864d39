import type { Summary } from "../report/statistics.ts";

/** How several servers do as more buyers come at once. */
export interface Chart {
  /** Along the bottom of both panels. */
  readonly connections: readonly number[];
  readonly series: readonly Series[];
  /** Stands below: what it was made on. */
  readonly caption: string;
}

export interface Series {
  readonly name: string;
  /** One for each number of connections. */
  readonly points: readonly Point[];
}

export interface Point {
  readonly perSecond: Summary;
  readonly p99Ms: Summary;
}
