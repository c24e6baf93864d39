import type { Registry } from "@prometheus-io/client";
import type { ReconcileResult } from "../../shared/operations.ts";
import { registerCollected, type Sample } from "./metrics-json.ts";

/** Told of each run of `reconcile` that came to an end, for metrics. */
export interface ReconcileObserver {
  reconciled(result: ReconcileResult, seconds: number): void;
}

/** Shows the last run of `reconcile`; nothing before the first. */
export class ReconcileMetrics implements ReconcileObserver {
  #last: LastRun | undefined;

  constructor(registry: Registry) {
    const add = (name: string, help: string, read: (last: LastRun) => Sample[]) =>
      registerCollected(registry, { name, help, type: "gauge" }, () => (this.#last ? read(this.#last) : []));
    add(
      "doorbuster_reconcile_ok",
      "1 when every invariant held at the last run, 0 when one was broken.",
      ({ result }) => [{ labels: {}, value: result.ok ? 1 : 0 }],
    );
    add("doorbuster_reconcile_check_ok", "The same for each invariant.", ({ result }) =>
      result.checks.map(({ name, ok }) => ({ labels: { check: name }, value: ok ? 1 : 0 })),
    );
    add("doorbuster_reconcile_duration_seconds", "Seconds that the last run took.", ({ seconds }) => [
      { labels: {}, value: seconds },
    ]);
    // An age rather than a time: the clock of the process may be wrong.
    add("doorbuster_reconcile_age_seconds", "Seconds since the last run ended.", ({ endedAt }) => [
      { labels: {}, value: (performance.now() - endedAt) / 1_000 },
    ]);
  }

  reconciled(result: ReconcileResult, seconds: number): void {
    this.#last = { result, seconds, endedAt: performance.now() };
  }
}

interface LastRun {
  readonly result: ReconcileResult;
  readonly seconds: number;
  /** By the clock of this process that never jumps. */
  readonly endedAt: number;
}
