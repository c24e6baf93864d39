import type { ArrivalCurve } from "../../shared/rehearsals.ts";

/**
 * When a buyer comes, in ms after the opening.
 *
 * @param share which buyer it is, from 0 (the first) up to, but not including, 1
 * @param withinMs how long it takes until all have come
 */
export function arrivalMs(curve: ArrivalCurve, share: number, withinMs: number): number {
  switch (curve) {
    case "rush":
      return rush(share) * withinMs;
    case "steady":
      return share * withinMs;
    case "waves":
      return (share < 0.5 ? rush(share * 2) : 1 + rush(share * 2 - 1)) * (withinMs / 2);
    default:
      return curve satisfies never;
  }
}

/** An exponential decay, cut off where it ends. */
function rush(share: number): number {
  return -Math.log(1 - share * (1 - Math.exp(-STEEPNESS))) / STEEPNESS;
}

/** Half of all come within the first seventh of the time. */
const STEEPNESS = 5;
