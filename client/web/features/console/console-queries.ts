import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { idempotencyKeySchema } from "../../../../shared/primitives.ts";
import type { TaskKind, TaskStatus } from "../../../../shared/tasks.ts";
import { queryClient } from "../../app/clients.ts";
import { PAGED, READING } from "../../app/queries.ts";
import { serverClock } from "../../app/server-clock.ts";
import { isNotFound } from "./is-not-found.ts";
import { watchingClient } from "./watching-client.ts";

/*
 * What the console reads. It asks again and again while somebody looks, and rests while the page is hidden. What
 * failed is asked again in its turn and not before.
 */

export const watching = createTRPCOptionsProxy({ client: watchingClient.trpc, queryClient });

/** What is watched while it happens. */
const LIVE_MS = 1_000;
const LIVE = { ...READING, refetchInterval: LIVE_MS };

/** The same, of something that may not be there. */
const UNTIL_NOT_FOUND = {
  ...READING,
  refetchInterval: ({ state }: { readonly state: { readonly error: unknown } }) => !isNotFound(state.error) && LIVE_MS,
};

/** Long lists, and what changes with them. */
const LIST_MS = 2_000;
const LIST = { ...PAGED, refetchInterval: LIST_MS, placeholderData: keepPreviousData };

/** What changes once a minute. */
const CALM = { ...READING, refetchInterval: 5_000 };

/** Which tasks are shown. */
export interface TaskFilter {
  readonly status?: TaskStatus;
  readonly kind?: TaskKind;
  /** The beginning of the id. */
  readonly taskId?: string;
}

/** Tasks, newest first, page by page. While others are asked for, those that were found last stay. */
export function tasksQuery(filter: TaskFilter) {
  const query = watching.tasks.list.infiniteQueryOptions({ ...filter, limit: 20 }, LIST);
  return canBeginAnId(filter.taskId) ? query : { ...query, queryFn: () => NO_TASKS };
}

/** The shop refuses to look for what no id can be. */
function canBeginAnId(taskId: string | undefined): boolean {
  return taskId === undefined || idempotencyKeySchema.safeParse(taskId).success;
}

const NO_TASKS = { items: [], nextCursor: null };

/** One task with its log. */
export function taskQuery(taskId: string) {
  return watching.tasks.byId.queryOptions({ taskId }, UNTIL_NOT_FOUND);
}

/** The numbers of the last minutes. With them comes the server's time, which everything that runs down here follows. */
export const metricsQuery = queryOptions({
  queryKey: watching.operations.metrics.queryKey(),
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
  return watching.warehouse.stock.infiniteQueryOptions({ ...(search && { search }), limit: 20 }, LIST);
}

/** The changes of what lies in the warehouse, newest first; of one product, or of all. */
export function stockHistoryQuery(productId: number | undefined) {
  return watching.warehouse.updates.infiniteQueryOptions({ ...(productId && { productId }), limit: 20 }, LIST);
}

/** Whether calls to the warehouse are let through. */
export const breakerQuery = watching.warehouse.breaker.queryOptions(undefined, LIVE);

/** Which faults are on. */
export const chaosQuery = watching.operations.chaosState.queryOptions(undefined, LIVE);

/** What the latest run of faults did. */
export const verdictQuery = watching.operations.verdict.queryOptions(undefined, {
  ...READING,
  refetchInterval: LIST_MS,
});

/** Whether everything adds up, as far as it was checked. */
export const reconcileStateQuery = watching.operations.reconcileState.queryOptions(undefined, CALM);

/** Every list of tasks, whatever is shown of them. */
export const TASK_LISTS_KEY = watching.tasks.list.pathKey();
