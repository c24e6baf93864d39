import { Fault } from "../../shared/faults.ts";
import { SALE_AHEAD_MS_MAX } from "../../shared/sales.ts";
import { isoTime } from "../database/times.ts";

/**
 * Refuses times that a sale cannot have, whether it is made or changed. A start in the past is one that sells at once.
 *
 * @param nowMs the database's time
 * @throws Fault INVALID_INPUT that names the field
 */
export function checkWindow({ startsAtMs, endsAtMs }: { startsAtMs: number; endsAtMs: number }, nowMs: number): void {
  if (endsAtMs <= startsAtMs) throw new Fault("INVALID_INPUT", "endsAt: a sale ends after it starts.");
  if (endsAtMs <= nowMs) {
    throw new Fault("INVALID_INPUT", `endsAt: a sale ends in the future, and the shop's clock says ${isoTime(nowMs)}.`);
  }
  if (endsAtMs > nowMs + SALE_AHEAD_MS_MAX) {
    throw new Fault("INVALID_INPUT", "endsAt: a sale is over within ten years from now. Is the year right?");
  }
}
