import type { RecordSearch } from "./record-filter.ts";

/** Which summary an address asks for, as it is sent: of this month in the reader's time zone where it says nothing. */
export function summaryFilterOf(search: RecordSearch, nowMs = Date.now()): AskedSummary {
  const zone = search.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const today = dayOf(nowMs, zone);
  const saleId = Number(search.saleId);
  return {
    first: search.first ?? `${today.slice(0, 8)}01`,
    last: search.last ?? today,
    zone,
    ...(Number.isSafeInteger(saleId) && saleId > 0 && { saleId }),
  };
}

/** The day of a time zone as ISO 8601 has it; of UTC where there is no such zone. */
function dayOf(ms: number, timeZone: string): string {
  try {
    // Sweden writes its days so.
    return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(ms);
  } catch {
    return new Date(ms).toISOString().slice(0, 10);
  }
}

export interface AskedSummary {
  readonly first: string;
  readonly last: string;
  readonly zone: string;
  readonly saleId?: number;
}
