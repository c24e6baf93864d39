import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { idempotencyKeySchema } from "../../../../shared/primitives.ts";
import type { Task, TaskKind, TaskStatus } from "../../../../shared/tasks.ts";
import { serverClock } from "../../app/server-clock.ts";
import { isNotFound } from "./is-not-found.ts";
import { watchingClient } from "./watching-client.ts";

/*
 * What the console reads. It asks again and again while somebody looks, and rests while the page is hidden. What
 * failed is asked again in its turn and not before. Keys begin with the procedure's path.
 */

/** What is watched while it happens. */
const LIVE_MS = 1_000;

/** Long lists, and what changes with them. */
const LIST_MS = 2_000;

/** What changes once a minute. */
const CALM_MS = 5_000;

const FIRST_PAGE = null as string | null;

/** Which tasks are shown. */
export interface TaskFilter {
  readonly status?: TaskStatus;
  readonly kind?: TaskKind;
  /** The beginning of the id. */
  readonly taskId?: string;
}

/** Tasks, newest first, page by page. While others are asked for, those that were found last stay. */
export function tasksQuery(filter: TaskFilter) {
  return infiniteQueryOptions({
    queryKey: [...TASK_LISTS_KEY, filter],
    queryFn: ({ pageParam, signal }) =>
      canBeginAnId(filter.taskId)
        ? watchingClient.tasks.list({ ...filter, cursor: pageParam, limit: 20 }, { signal })
        : NO_TASKS,
    initialPageParam: FIRST_PAGE,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: LIST_MS,
    retry: false,
  });
}

/** The shop refuses to look for what no id can be. */
function canBeginAnId(taskId: string | undefined): boolean {
  return taskId === undefined || idempotencyKeySchema.safeParse(taskId).success;
}

const NO_TASKS: { readonly items: Task[]; readonly nextCursor: string | null } = { items: [], nextCursor: null };

/** One task with its log. */
export function taskQuery(taskId: string) {
  return queryOptions({
    queryKey: [["tasks", "byId"], taskId],
    queryFn: ({ signal }) => watchingClient.tasks.byId({ taskId }, { signal }),
    refetchInterval: ({ state }) => !isNotFound(state.error) && LIVE_MS,
    retry: false,
  });
}

/** The numbers of the last minutes. With them comes the server's time, which everything that runs down here follows. */
export const metricsQuery = queryOptions({
  queryKey: [["operations", "metrics"]],
  queryFn: async ({ signal }) => {
    const metrics = await watchingClient.operations.metrics({ signal });
    serverClock.observe(metrics.at);
    return metrics;
  },
  refetchInterval: LIST_MS,
  retry: false,
});

/** What lies in the warehouse, and what of it is sold, page by page. */
export function stockQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: [["warehouse", "stock"], search],
    queryFn: ({ pageParam, signal }) =>
      watchingClient.warehouse.stock(
        { ...(search === "" ? {} : { search }), cursor: pageParam, limit: 20 },
        { signal },
      ),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: LIST_MS,
    retry: false,
  });
}

/** The changes of what lies in the warehouse, newest first; of one product, or of all. */
export function stockHistoryQuery(productId: number | undefined) {
  return infiniteQueryOptions({
    queryKey: [["warehouse", "updates"], productId ?? "all"],
    queryFn: ({ pageParam, signal }) =>
      watchingClient.warehouse.updates(
        { ...(productId === undefined ? {} : { productId }), cursor: pageParam, limit: 20 },
        { signal },
      ),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: LIST_MS,
    retry: false,
  });
}

/** Whether calls to the warehouse are let through. */
export const breakerQuery = queryOptions({
  queryKey: [["warehouse", "breaker"]],
  queryFn: ({ signal }) => watchingClient.warehouse.breaker({ signal }),
  refetchInterval: LIVE_MS,
  retry: false,
});

/** Which faults are on. */
export const chaosQuery = queryOptions({
  queryKey: [["operations", "chaosState"]],
  queryFn: ({ signal }) => watchingClient.operations.chaosState({ signal }),
  refetchInterval: LIVE_MS,
  retry: false,
});

/** What the latest run of faults did. */
export const verdictQuery = queryOptions({
  queryKey: [["operations", "verdict"]],
  queryFn: ({ signal }) => watchingClient.operations.verdict({ signal }),
  refetchInterval: LIST_MS,
  retry: false,
});

/** Whether everything adds up, as far as it was checked. */
export const reconcileStateQuery = queryOptions({
  queryKey: [["operations", "reconcileState"]],
  queryFn: ({ signal }) => watchingClient.operations.reconcileState({ signal }),
  refetchInterval: CALM_MS,
  retry: false,
});

/** Every list of tasks, whatever is shown of them. */
export const TASK_LISTS_KEY = [["tasks", "list"]];
