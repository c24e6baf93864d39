import type { Taken } from "../../shared/warehouse.ts";
import type { Database } from "../database/database.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { isUnavailable } from "../warehouse/or-unavailable.ts";
import type { ChaosRun } from "./chaos-run.ts";
import { type Dispatch, readBehind, readDispatches } from "./read-dispatches.ts";

export interface Counted {
  readonly counts: Counts | undefined;
  /** Whether there were more dispatches than were compared. */
  readonly isPartial: boolean;
  /** Whether something waits that waited when the last fault ended. Undefined when there are too many to say. */
  readonly isWaiting: boolean | undefined;
  /** When the last of those was through, of those that are; 0 when there were none. */
  readonly lastProcessedAtMs: number;
}

/** Of the dispatches that were compared. */
export interface Counts extends Record<Dispatch["outcome"], number> {
  tasks: number;
  /** Dispatched, as the shop says, and unknown to the warehouse. */
  lost: number;
  /** Taken from the stock more than once, in another number, or after they were refused or cancelled. */
  doubled: number;
}

/**
 * Counts what became of a run's dispatches and holds each against the warehouse, portion by portion. When the time for
 * asking is up the latest are left out of the counts; what waits is told all the same, which the shop knows by itself.
 *
 * @returns no counts when the warehouse gave no answer
 */
export async function countDispatches(
  database: Pick<Database, "db">,
  warehouse: Pick<WarehouseClient, "taken"> | undefined,
  { run: { mark, endsAtMs }, askMsMax }: { run: Pick<ChaosRun, "mark" | "endsAtMs">; askMsMax: number },
): Promise<Counted> {
  const behind = await readBehind(database);
  const isOld = (ms: number | null) => ms !== null && ms <= endsAtMs;
  const counts = { tasks: 0, dispatched: 0, refused: 0, cancelled: 0, waiting: 0, lost: 0, doubled: 0 };
  const signal = AbortSignal.timeout(askMsMax);
  let state: "asking" | "late" | "unavailable" = warehouse ? "asking" : "unavailable";
  let isWaiting = isOld(behind.oldestNotYetTaskMs);
  let lastProcessedAtMs = 0;
  let seen = 0;
  for await (const dispatches of readDispatches(database, mark, behind.lastTask)) {
    if (seen >= DISPATCHES_MAX) return done("late", isWaiting || undefined);
    seen += dispatches.length;
    const old = dispatches.filter(({ createdAtMs }) => isOld(createdAtMs));
    isWaiting ||= old.some(({ outcome }) => outcome === "waiting");
    lastProcessedAtMs = old.reduce((last, { processedAtMs }) => Math.max(last, processedAtMs ?? 0), lastProcessedAtMs);
    if (state === "asking" && warehouse) state = await compare(warehouse, dispatches);
  }
  return done(state, isWaiting);

  async function compare(asked: Pick<WarehouseClient, "taken">, dispatches: readonly Dispatch[]) {
    try {
      const { lost, doubled } = await compareDispatches(asked, dispatches, signal);
      counts.lost += lost;
      counts.doubled += doubled;
      counts.tasks += dispatches.length;
      for (const { outcome } of dispatches) counts[outcome]++;
      return "asking";
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      return signal.aborted && counts.tasks > 0 ? "late" : "unavailable";
    }
  }

  function done(end: typeof state, waiting: boolean | undefined): Counted {
    const rest = { isPartial: end === "late", isWaiting: waiting, lastProcessedAtMs };
    if (end === "unavailable") return { ...rest, counts: undefined };
    const { notYetTasks } = behind;
    return {
      ...rest,
      counts: { ...counts, tasks: counts.tasks + notYetTasks, waiting: counts.waiting + notYetTasks },
    };
  }
}

/** Half a minute of a great sale, in which all are read within two seconds. */
const DISPATCHES_MAX = 300_000;

/**
 * Holds dispatches, one by one, against the warehouse's own history, which is asked for all of them at once. What the shop
 * called dispatched when they were read was so in the warehouse before that is asked.
 *
 * @param dispatches at most WAREHOUSE_PAGE_MAX
 * @throws WarehouseUnavailableError, or the signal's reason
 */
async function compareDispatches(
  warehouse: Pick<WarehouseClient, "taken">,
  dispatches: readonly Dispatch[],
  signal: AbortSignal,
): Promise<Pick<Counts, "lost" | "doubled">> {
  const references = dispatches.map(({ reference }) => reference);
  const taken = Map.groupBy(await warehouse.taken(references, { once: true, signal }), ({ reference }) => reference);
  const verdicts = dispatches.map((dispatch) => verdictOn(dispatch, taken.get(dispatch.reference)));
  return {
    lost: verdicts.filter((verdict) => verdict === "lost").length,
    doubled: verdicts.filter((verdict) => verdict === "doubled").length,
  };
}

function verdictOn({ outcome, units }: Dispatch, taken: readonly Taken[] | undefined): "right" | "lost" | "doubled" {
  if (!taken) return outcome === "dispatched" ? "lost" : "right";
  if (outcome === "refused" || outcome === "cancelled") return "doubled";
  const isExact =
    taken.length === units.size && taken.every((of) => of.times === 1 && of.units === units.get(of.productId));
  return isExact ? "right" : "doubled";
}
