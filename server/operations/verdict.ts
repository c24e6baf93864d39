import type { Verdict } from "../../shared/operations.ts";
import { isoTime } from "../database/times.ts";
import type { Services } from "../services.ts";
import { isUnavailable } from "../warehouse/or-unavailable.ts";
import { compareDispatches } from "./compare-dispatches.ts";
import { type LookedAt, readDispatches } from "./read-dispatches.ts";
import { type ChaosRun, readLatestRun } from "./read-latest-run.ts";
import { shareAnswers } from "./share-answers.ts";
import { warehouseAgrees } from "./warehouse-agrees.ts";

/** What came of the latest run of faults; null when there never was one. */
export const readVerdict = shareAnswers(judge);

async function judge({ database, warehouse }: Pick<Services, "database" | "warehouse">): Promise<Verdict | null> {
  const run = await readLatestRun(database);
  if (!run) return null;
  // The shop first: what it calls dispatched then was so in the warehouse before that is asked.
  const looked = await readDispatches(database, run.mark);
  const signal = AbortSignal.timeout(ASK_MS_MAX);
  const found = await unlessUnavailable(async () => {
    if (!warehouse) return undefined;
    const taken = await compareDispatches(warehouse, { mark: run.mark, dispatches: looked.dispatches, signal });
    const agreement = await warehouseAgrees(database, warehouse, signal);
    return { taken, agrees: agreement.violations.length === 0 };
  });
  const count = (...outcomes: readonly string[]) =>
    looked.dispatches.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    runId: run.runId,
    startedAt: isoTime(run.startedAt),
    endsAt: isoTime(run.endsAt),
    faults: run.faults,
    counts: found
      ? {
          tasks: looked.dispatches.length + looked.notYetTasks,
          dispatched: count("dispatched"),
          refused: count("refused"),
          cancelled: count("cancelled"),
          waiting: count("waiting") + looked.notYetTasks,
          lost: found.taken.lost,
          doubled: found.taken.doubled,
        }
      : null,
    isPartial: looked.isPartial || (found?.taken.isPartial ?? false),
    recoveredAfterMs: recoveredAfterMs(run, looked),
    agrees: found?.agrees ?? null,
  };
}

/** From the end of the last fault until the last of those that were waiting then was through. */
function recoveredAfterMs({ isOver, endsAtMs }: ChaosRun, { dispatches, oldestNotYetTaskMs }: LookedAt): number | null {
  if (!isOver) return null;
  if (oldestNotYetTaskMs !== null && oldestNotYetTaskMs <= endsAtMs) return null;
  const before = dispatches.filter(({ createdAtMs }) => createdAtMs <= endsAtMs);
  if (before.some(({ outcome }) => outcome === "waiting")) return null;
  const lastMs = before.reduce((latest, { processedAtMs }) => Math.max(latest, processedAtMs ?? 0), 0);
  return Math.max(0, Math.round(lastMs - endsAtMs));
}

async function unlessUnavailable<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}

/** A slow warehouse is one of the faults, and whoever watches wants to see something meanwhile. */
const ASK_MS_MAX = 5_000;
