import { keepPreviousData } from "@tanstack/react-query";
import type { Rehearsal } from "../../../../../shared/rehearsals.ts";
import { PAGED, READING } from "../../../app/queries.ts";
import { watching } from "../console-queries.ts";

const LIVE_MS = 1_000;
const LIST_MS = 2_000;
const CALM_MS = 5_000;

/** Rehearsals, newest first, page by page. */
export const rehearsalsQuery = watching.operations.rehearsals.infiniteQueryOptions(
  { limit: 20 },
  { ...PAGED, refetchInterval: LIST_MS, placeholderData: keepPreviousData },
);

/** One with its report. What has ended changes no more, unless somebody deletes it. */
export function rehearsalQuery(rehearsalId: number) {
  return watching.operations.rehearsal.queryOptions(
    { rehearsalId },
    {
      ...READING,
      refetchInterval: ({ state }: { readonly state: { readonly data?: Pick<Rehearsal, "endedAt"> | undefined } }) =>
        state.data !== undefined && state.data.endedAt !== null ? CALM_MS : LIVE_MS,
    },
  );
}

/** The latest one of a sale. */
export function lastRehearsalQuery(saleId: number) {
  return watching.operations.rehearsals.queryOptions({ saleId, limit: 1 }, { ...READING, refetchInterval: LIST_MS });
}

/** Sales that may be rehearsed, those that begin last first. */
export const rehearsableQuery = watching.sales.overview.queryOptions(
  { limit: 100 },
  { ...READING, refetchInterval: CALM_MS },
);

/** Every list of rehearsals. */
export const REHEARSALS_KEY = watching.operations.rehearsals.pathKey();
