import type { RecordSearch } from "./record-filter.ts";

/** Which summary an address asks for, as it is sent; undefined where it leaves days or zone to whoever reads it. */
export function summaryFilterOf({ first, last, zone, saleId }: RecordSearch): AskedSummary | undefined {
  if (!first || !last || !zone) return undefined;
  return { first, last, zone, ...(saleId && { saleId: Number(saleId) }) };
}

/**
 * The address of a summary with what it left open: this month, in the reader's time zone. Days and zone always stand in it, so
 * that whoever it is sent to sees the same numbers.
 */
export function summarySearchOf(search: RecordSearch, nowMs = Date.now()) {
  const zone = search.zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const today = dayOf(nowMs, zone);
  return {
    show: "summary",
    first: search.first || `${today.slice(0, 8)}01`,
    last: search.last || today,
    zone,
    ...(search.saleId && { saleId: search.saleId }),
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
