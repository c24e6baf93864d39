import type { MetricsJson } from "../metrics/metrics-json.ts";

/* What the first process and any other that it keeps running say to each other about metrics, and about a failed start. */

/** Could not start. */
export interface Failed {
  readonly kind: "failed";
  readonly reason: string;
  /** The database does not answer now: the next start may succeed. */
  readonly isDatabaseAway: boolean;
}

export type ToAnyChild =
  | { readonly kind: "collect metrics"; readonly id: number }
  /** The answer to "ask metrics". */
  | { readonly kind: "metrics of another"; readonly id: number; readonly metrics: MetricsJson };

export type FromAnyChild =
  /** The answer to "collect metrics". */
  | { readonly kind: "metrics"; readonly id: number; readonly metrics: MetricsJson }
  /** @param of the instance whose metrics it wants to know */
  | { readonly kind: "ask metrics"; readonly id: number; readonly of: string };
