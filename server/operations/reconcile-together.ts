import type { ReconcileResult } from "../../shared/operations.ts";
import type { Database } from "../database/database.ts";
import { reconcile } from "./reconcile.ts";

/**
 * `reconcile` for many callers: one run at a time, since a run keeps a connection for as long as it takes. Who asks while
 * one is under way shares the next one with all others who do, so that everybody's answer is newer than their question.
 */
export function reconcileTogether(database: Database): Promise<ReconcileResult> {
  const runs = runsOn.get(database) ?? {};
  runsOn.set(database, runs);
  if (!runs.current) return start(database, runs);
  runs.next ??= runs.current
    .catch(() => {})
    .then(() => {
      delete runs.next;
      return start(database, runs);
    });
  return runs.next;
}

function start(database: Database, runs: Runs): Promise<ReconcileResult> {
  const current = reconcile(database).finally(() => {
    if (runs.current === current) delete runs.current;
  });
  runs.current = current;
  return current;
}

interface Runs {
  current?: Promise<ReconcileResult>;
  next?: Promise<ReconcileResult>;
}

const runsOn = new WeakMap<Database, Runs>();
