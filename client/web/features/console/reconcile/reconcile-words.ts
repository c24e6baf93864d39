import type { ReconcileRun, ReconcileScope, ReconcileState } from "../../../../../shared/operations.ts";

/** What is known to be broken: each check that failed, as the latest run told it that nothing has cleared since. */
export function brokenChecks({ broken, lastFull, lastNew }: ReconcileState): BrokenCheck[] {
  const found = new Map<string, BrokenCheck>();
  const runs = [broken, lastFull, lastNew].filter((run) => run !== null && !run.ok) as ReconcileRun[];
  for (const run of runs.toSorted((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt))) {
    for (const { name, ok, detail } of run.checks) {
      if (!ok && !found.has(name)) found.set(name, { name, detail, run });
    }
  }
  return [...found.values()];
}

/** The run that looked last, at whatever; undefined before the first. */
export function latestRun({
  lastFull,
  lastNew,
}: Pick<ReconcileState, "lastFull" | "lastNew">): ReconcileRun | undefined {
  const runs = [lastFull, lastNew].filter((run) => run !== null);
  return runs.toSorted((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt))[0];
}

export const SCOPE_WORDS: Record<ReconcileScope, string> = {
  full: "the check of everything",
  new: "the check of what is new",
};

export interface BrokenCheck {
  readonly name: string;
  readonly detail: string;
  readonly run: ReconcileRun;
}
