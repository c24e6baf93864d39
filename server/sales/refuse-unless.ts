import { Fault } from "../../shared/faults.ts";
import type { SaleStatus } from "../../shared/sales.ts";

/**
 * @param what cannot change, as the subject of a sentence
 * @throws Fault NOT_ALLOWED_NOW unless it is allowed, with a sentence that says why
 */
export function refuseUnless(allowed: boolean, { status }: { readonly status: SaleStatus }, what: string): void {
  if (allowed) return;
  const since = { scheduled: "is planned", live: "has started", paused: "has started", ended: "is over" } as const;
  const state = status === "cancelled" ? "was cancelled" : since[status];
  throw new Fault("NOT_ALLOWED_NOW", `The sale ${state}: ${what} can no longer change.`);
}
