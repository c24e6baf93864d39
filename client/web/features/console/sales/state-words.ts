import type { SaleStatus } from "../../../../../shared/sales.ts";

interface StateOfSale {
  readonly status: SaleStatus;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** The status at a moment: between two readings a start or an end may have passed. */
export function stateNow({ status, startsAt, endsAt }: StateOfSale, nowMs: number): SaleStatus {
  if (status === "cancelled" || status === "ended" || nowMs >= Date.parse(endsAt)) {
    return status === "cancelled" ? status : "ended";
  }
  return status === "scheduled" && nowMs >= Date.parse(startsAt) ? "live" : status;
}

/** What happens next by itself, and how long that is; undefined where nothing does. */
export function timeToChange(
  sale: StateOfSale,
  nowMs: number,
): { what: "starts" | "ends"; leftMs: number } | undefined {
  const status = stateNow(sale, nowMs);
  if (status === "ended" || status === "cancelled") return undefined;
  const what = status === "scheduled" ? "starts" : "ends";
  const at = Date.parse(what === "starts" ? sale.startsAt : sale.endsAt);
  return { what, leftMs: Math.max(0, Math.ceil((at - nowMs) / 1_000) * 1_000) };
}

/** How long that is, in its two largest units: "3 days 4 h", "12 min 5 s". */
export function spanWords(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), seconds >= 172_800 ? "days" : "day"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return "0\u00a0s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}\u00a0${unit}`)
    .join(" ");
}
