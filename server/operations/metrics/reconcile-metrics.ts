import type { Tx } from "../../database/database.ts";
import type { MetricJson } from "../../metrics/metrics-json.ts";
import { latestRuns } from "../reconcile-runs.ts";
import { gauge } from "./store-queries.ts";

/**
 * What reconciliations found, from the runs that are stored: the same whichever process ran them, and after a restart. No
 * series of a scope before its first run.
 */
export async function reconcileRuns(tx: Tx): Promise<MetricJson[]> {
  const rows = await latestRuns(tx);
  const latest = rows.filter(({ standing }) => standing !== "broken");
  return [
    gauge(
      "doorbuster_reconcile_state_ok",
      "0 from the first run that found something broken until a full one checks the same and finds nothing, otherwise 1.",
      [{ labels: {}, value: rows.some(({ standing }) => standing === "broken") ? 0 : 1 }],
    ),
    gauge(
      "doorbuster_reconcile_ok",
      "1 when every invariant held at the last run over everything (full), or over what was new, 0 when one was broken.",
      latest.map(({ scope, ok }) => ({ labels: { scope }, value: ok ? 1 : 0 })),
    ),
    gauge(
      "doorbuster_reconcile_check_ok",
      "The same for each invariant.",
      latest.flatMap(({ scope, checks }) =>
        checks.map(({ name, ok }) => ({ labels: { scope, check: name }, value: ok ? 1 : 0 })),
      ),
    ),
    gauge(
      "doorbuster_reconcile_duration_seconds",
      "Seconds that the last run took.",
      latest.map(({ scope, seconds }) => ({ labels: { scope }, value: seconds })),
    ),
    gauge(
      "doorbuster_reconcile_age_seconds",
      "Seconds since the last run began.",
      latest.map(({ scope, age }) => ({ labels: { scope }, value: Math.max(0, age) })),
    ),
  ];
}
