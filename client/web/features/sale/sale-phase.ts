import type { Sale, SaleStatus } from "../../../../shared/sales.ts";

/** What a sale is like for a buyer at a moment; `sold-out` is a live one with nothing left. */
export type SalePhase = SaleStatus | "sold-out";

/**
 * The status by the server's clock: between two updates a start or an end may have passed.
 *
 * @param nowMs on the server's clock
 */
export function salePhase(sale: Pick<Sale, "status" | "startsAt" | "endsAt" | "items">, nowMs: number): SalePhase {
  if (sale.status === "cancelled" || sale.status === "ended") return sale.status;
  if (nowMs >= Date.parse(sale.endsAt)) return "ended";
  if (nowMs < Date.parse(sale.startsAt)) return "scheduled";
  if (sale.status === "paused") return "paused";
  return sale.items.length > 0 && sale.items.every(({ remaining }) => remaining <= 0) ? "sold-out" : "live";
}

/** When the phase changes next by time alone, in milliseconds on the server's clock; undefined when it does not. */
export function nextPhaseChangeMs({ status, startsAt, endsAt }: Sale, nowMs: number): number | undefined {
  if (status === "cancelled" || status === "ended") return undefined;
  return [Date.parse(startsAt), Date.parse(endsAt)].find((moment) => moment > nowMs);
}
