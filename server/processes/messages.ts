import type { MetricsJson } from "../metrics/metrics-json.ts";

/* What a start and a process that it supervises say to each other. */

export type ToChild<Instructions> =
  | { readonly kind: "begin"; readonly instructions: Instructions }
  | { readonly kind: "collect metrics" }
  /** Finish what is under way, and end. */
  | { readonly kind: "stop" };

export type FromChild =
  /** Waits for its instructions. */
  | { readonly kind: "here" }
  | { readonly kind: "working" }
  /** The answer to "collect metrics". */
  | { readonly kind: "metrics"; readonly metrics: MetricsJson }
  | ({ readonly kind: "failed" } & StartFailure);

/** Why it could not start. */
export interface StartFailure {
  readonly reason: string;
  /** The database does not answer now: the next start may succeed. */
  readonly isDatabaseAway: boolean;
}
