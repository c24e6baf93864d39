import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import { isNotFound } from "../is-not-found.ts";
import { watchingClient } from "../watching-client.ts";

/*
 * What the console reads about people, as in `console-queries.ts`. Nothing here happens by the second, and whoever changes it
 * on this page sees the change at once.
 */

const EVERY_MS = 5_000;

const FIRST_PAGE = null as string | null;

/** People by address, page by page; those that the search finds, or all. */
export function peopleQuery(search: string) {
  return infiniteQueryOptions({
    ...PAGED,
    queryKey: [["users", "list"], search],
    queryFn: ({ pageParam, signal }) =>
      watchingClient.users.list({ ...(search && { search }), cursor: pageParam, limit: 20 }, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** One of them, with what is in the wallet. */
export function personQuery(userId: string) {
  return queryOptions({
    queryKey: [["users", "byId"], userId],
    queryFn: ({ signal }) => watchingClient.users.byId({ userId }, { signal }),
    refetchInterval: ({ state }) => !isNotFound(state.error) && EVERY_MS,
    retry: false,
  });
}

export function personPurchasesQuery(userId: string) {
  return infiniteQueryOptions({
    ...PAGED,
    queryKey: [["purchases", "list"], userId],
    queryFn: ({ pageParam, signal }) =>
      watchingClient.purchases.list({ userId, cursor: pageParam, limit: 10 }, { signal }),
  });
}

export function personOrdersQuery(userId: string) {
  return infiniteQueryOptions({
    ...PAGED,
    queryKey: [["orders", "list"], userId],
    queryFn: ({ pageParam, signal }) =>
      watchingClient.orders.list({ userId, cursor: pageParam, limit: 10 }, { signal }),
  });
}

export function personStatementQuery(userId: string) {
  return infiniteQueryOptions({
    ...PAGED,
    queryKey: [["wallets", "statement"], userId],
    queryFn: ({ pageParam, signal }) =>
      watchingClient.wallets.statement({ userId, cursor: pageParam, limit: 20 }, { signal }),
  });
}

/** What operators did to the account and the wallet. */
export function personRecordQuery(userId: string) {
  return infiniteQueryOptions({
    ...PAGED,
    queryKey: [["audit", "list"], userId],
    queryFn: ({ pageParam, signal }) =>
      watchingClient.audit.list({ subject: `user:${userId}`, cursor: pageParam, limit: 10 }, { signal }),
  });
}

/** Reads anew whatever of this may have changed. */
export function rereadPeople(queryClient: QueryClient): Promise<unknown> {
  const changed = ["users", "purchases", "orders", "wallets", "audit"];
  return Promise.all(changed.map((name) => queryClient.invalidateQueries({ queryKey: [[name]] })));
}

const PAGED = {
  initialPageParam: FIRST_PAGE,
  getNextPageParam: ({ nextCursor }: { readonly nextCursor: string | null }) => nextCursor,
  refetchInterval: EVERY_MS,
  retry: false,
} as const;
