import type { Taken } from "../../shared/warehouse.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import type { Dispatch } from "./read-dispatches.ts";

export interface Compared {
  /** Dispatched, as the shop says, and unknown to the warehouse. */
  readonly lost: number;
  /** Taken from the stock more than once, in another number, or after they were refused or cancelled. */
  readonly doubled: number;
}

/**
 * Holds dispatches, one by one, against the warehouse's own history, which is asked for all of them at once. What the shop
 * called dispatched when they were read was so in the warehouse before that is asked.
 *
 * @param dispatches at most WAREHOUSE_PAGE_MAX
 * @throws WarehouseUnavailableError, or the signal's reason
 */
export async function compareDispatches(
  warehouse: Pick<WarehouseClient, "taken">,
  dispatches: readonly Dispatch[],
  signal: AbortSignal,
): Promise<Compared> {
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
