import type { CapacityStep } from "../../shared/rehearsals.ts";
import { makeLoad } from "../load/load.ts";

/**
 * How many purchases a second a shop carries with more and more at once: each connection sends its next purchase when the
 * last one is answered, so the shop sets the pace.
 *
 * @param options.over aborted when no more is wanted: what was measured by then is answered
 */
export async function measureCapacity({ url, itemId, credentials, over }: MeasureOptions): Promise<CapacityStep[]> {
  const steps: CapacityStep[] = [];
  for (const connections of CONNECTIONS) {
    if (over.aborted) break;
    const work = { procedure: "purchases.buy", itemIds: [itemId] };
    const load = await makeLoad({ url, work, connections, warmUpMs: WARM_UP_MS }, credentials);
    const { purchased, perSecond, answers, p99Ms } = await load.count(COUNT_MS);
    await load.end();
    steps.push({ connections, perSecond: (perSecond * purchased) / Math.max(1, answers), p99Ms });
  }
  return steps;
}

export interface MeasureOptions {
  readonly url: string;
  /** With more units than can be bought meanwhile. */
  readonly itemId: number;
  /** So many that nobody meets the limit of one buyer. */
  readonly credentials: readonly string[];
  readonly over: AbortSignal;
}

/** From one who is alone at the door to a crowd whose requests are settled together. */
const CONNECTIONS = [4, 32, 128, 512];
const WARM_UP_MS = 500;
const COUNT_MS = 2_000;
