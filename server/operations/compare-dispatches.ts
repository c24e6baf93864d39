import type { InventoryUpdate } from "../../shared/warehouse.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import type { Dispatch } from "./read-dispatches.ts";
import type { RunMark } from "./run-mark.ts";

export interface Compared {
  /** Dispatched, as the shop says, and unknown to the warehouse. */
  readonly lost: number;
  /** Taken from the stock more than once, in another number, or after they were refused or cancelled. */
  readonly doubled: number;
  /** Whether there were more than could be asked for one by one. */
  readonly isPartial: boolean;
}

/**
 * Holds dispatches, one by one, against the warehouse's own history. Those that came after the mark are looked for in what
 * that wrote since; the others, and all that are not found there as they should be, are asked for by their reference.
 *
 * @throws WarehouseUnavailableError, or the signal's reason
 */
export async function compareDispatches(
  warehouse: Pick<WarehouseClient, "updates">,
  { mark, dispatches, signal }: { mark: RunMark; dispatches: readonly Dispatch[]; signal: AbortSignal },
): Promise<Compared> {
  const taken = new Map<string, Taken>();
  const isComplete = mark.update !== null && (await readSince(warehouse, mark.update, { taken, signal }));
  const doubtful = dispatches.filter((dispatch) => {
    const isCovered = isComplete && dispatch.id > mark.task;
    return !isCovered || verdictOn(dispatch, taken.get(dispatch.reference)) !== "right";
  });
  const asked = doubtful.slice(0, ASKED_MAX);
  await eachOf(asked, async ({ reference }) => {
    const { items } = await warehouse.updates({ reference, limit: PAGE_SIZE }, { once: true, signal });
    taken.delete(reference);
    add(taken, items);
  });
  // What could not be asked for is left out: it would look lost.
  const unknown = new Set(doubtful.slice(ASKED_MAX));
  const verdicts = dispatches
    .filter((dispatch) => !unknown.has(dispatch))
    .map((dispatch) => verdictOn(dispatch, taken.get(dispatch.reference)));
  return {
    lost: verdicts.filter((verdict) => verdict === "lost").length,
    doubled: verdicts.filter((verdict) => verdict === "doubled").length,
    isPartial: unknown.size > 0,
  };
}

/** By product, for one reference. */
type Taken = Map<number, { units: number; times: number }>;

function verdictOn({ outcome, units }: Dispatch, taken: Taken | undefined): "right" | "lost" | "doubled" {
  if (!taken) return outcome === "dispatched" ? "lost" : "right";
  if (outcome === "refused" || outcome === "cancelled") return "doubled";
  const isExact =
    taken.size === units.size &&
    [...units].every(([productId, quantity]) => {
      const product = taken.get(productId);
      return product?.times === 1 && product.units === quantity;
    });
  return isExact ? "right" : "doubled";
}

/** @returns whether it came to the end */
async function readSince(
  warehouse: Pick<WarehouseClient, "updates">,
  afterId: number,
  { taken, signal }: { taken: Map<string, Taken>; signal: AbortSignal },
): Promise<boolean> {
  let from = afterId;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const { items, nextCursor } = await warehouse.updates({ afterId: from, limit: PAGE_SIZE }, { once: true, signal });
    add(taken, items);
    if (nextCursor === null) return true;
    from = items.at(-1)?.id ?? from;
  }
  return false;
}

function add(taken: Map<string, Taken>, updates: readonly InventoryUpdate[]): void {
  for (const { reference, productId, quantityChange } of updates) {
    const products = taken.get(reference) ?? new Map();
    taken.set(reference, products);
    const { units = 0, times = 0 } = products.get(productId) ?? {};
    products.set(productId, { units: units - quantityChange, times: times + 1 });
  }
}

async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const PAGE_SIZE = 100;

/** As many updates as there may be dispatches of two products. */
const PAGES_MAX = 400;

/** Backlogs are rarely longer, and each costs a call. */
const ASKED_MAX = 1_000;

const AT_ONCE = 8;
