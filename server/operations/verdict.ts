import { Fault } from "../../shared/faults.ts";
import type { Verdict } from "../../shared/operations.ts";
import { isoTime } from "../database/times.ts";
import { isUnavailable } from "../warehouse/or-unavailable.ts";
import { chaosState } from "./chaos.ts";
import { type ChaosRun, readLatestRun } from "./chaos-run.ts";
import { type Counted, countDispatches } from "./count-dispatches.ts";
import type { OperationsServices } from "./services.ts";
import { shareAnswers } from "./share-answers.ts";
import { warehouseAgrees } from "./warehouse-agrees.ts";

/** What came of the latest run of faults; null when there never was one. */
export const readVerdict = shareAnswers(judge);

async function judge({ database, operatorReads, warehouse }: Judged): Promise<Verdict | null> {
  let run = await readLatestRun(operatorReads);
  if (run && !run.isOver) {
    // It may be over all the same: a warehouse that died has forgotten its faults.
    await unlessUnavailable(() => chaosState({ database, warehouse }));
    run = await readLatestRun(operatorReads);
  }
  if (!run) return null;
  const counted = await countDispatches(operatorReads, warehouse, { run, askMsMax: ASK_MS_MAX });
  const agreement =
    warehouse && counted.counts
      ? await unlessUnavailable(() => warehouseAgrees(operatorReads, warehouse, AbortSignal.timeout(ASK_MS_MAX)))
      : undefined;
  return {
    runId: run.runId,
    startedAt: isoTime(run.startedAt),
    endsAt: isoTime(run.endsAt),
    faults: run.faults,
    counts: counted.counts ?? null,
    isPartial: counted.isPartial,
    recoveredAfterMs: recoveredAfterMs(run, counted),
    agrees: agreement ? agreement.violations.length === 0 : null,
  };
}

type Judged = Pick<OperationsServices, "database" | "operatorReads" | "warehouse">;

/** From the end of the last fault until the last of those that were waiting then was through. */
function recoveredAfterMs({ isOver, endsAtMs }: ChaosRun, { isWaiting, lastProcessedAtMs }: Counted): number | null {
  return isOver && isWaiting === false ? Math.max(0, Math.round(lastProcessedAtMs - endsAtMs)) : null;
}

async function unlessUnavailable<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isUnavailable(error) || (error instanceof Fault && error.code === "UNAVAILABLE")) return undefined;
    throw error;
  }
}

/** A slow warehouse is one of the faults, and whoever watches wants to see something meanwhile. */
const ASK_MS_MAX = 5_000;
