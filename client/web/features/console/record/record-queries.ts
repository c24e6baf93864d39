import { keepPreviousData } from "@tanstack/react-query";
import type { PathInput, SummaryFilter } from "../../../../../shared/record.ts";
import { PAGED, READING } from "../../../app/queries.ts";
import { watching } from "../console-queries.ts";
import type { FilterOf } from "./record-filter.ts";

/*
 * What the console reads of the record. It is asked for once and not by the second: what is past does not change, and a list
 * that grew at its head while somebody reads it would move under their eyes. They ask again when they like.
 */

const LIST = { ...PAGED, placeholderData: keepPreviousData, refetchOnWindowFocus: false } as const;
const PAGE = { limit: 25 };

export function attemptsQuery(filter: FilterOf<"attempts">) {
  return watching.record.attempts.infiniteQueryOptions({ ...filter, ...PAGE }, LIST);
}

export function recordedOrdersQuery(filter: FilterOf<"orders">) {
  return watching.record.orders.infiniteQueryOptions({ ...filter, ...PAGE }, LIST);
}

export function refundsQuery(filter: FilterOf<"refunds">) {
  return watching.record.refunds.infiniteQueryOptions({ ...filter, ...PAGE }, LIST);
}

export function creditsQuery(filter: FilterOf<"credits">) {
  return watching.record.credits.infiniteQueryOptions({ ...filter, ...PAGE }, LIST);
}

export function changesQuery(filter: FilterOf<"changes">) {
  return watching.audit.list.infiniteQueryOptions({ ...filter, ...PAGE }, LIST);
}

/** What became of one key, each time anew: whoever comes back to it may have given something back meanwhile. */
export function pathQuery(input: PathInput) {
  return watching.record.path.queryOptions(input, { ...READING, refetchOnWindowFocus: false, staleTime: 0, gcTime: 0 });
}

/** The sales whose attempts can be chosen, newest first. */
export const recordSalesQuery = watching.sales.list.queryOptions({ limit: 100 }, READING);

/** What was sold, given back and paid in. */
export function summaryQuery(filter: SummaryFilter) {
  const kept = { ...READING, refetchOnWindowFocus: false, placeholderData: keepPreviousData } as const;
  return watching.record.summary.queryOptions(filter, kept);
}
