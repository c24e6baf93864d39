import { keepPreviousData } from "@tanstack/react-query";
import { queryClient } from "../../../app/clients.ts";
import { PAGED, READING } from "../../../app/queries.ts";
import { watching } from "../console-queries.ts";
import { isNotFound } from "../is-not-found.ts";

/*
 * What the console reads about people, as in `console-queries.ts`. Nothing here happens by the second, and whoever changes it
 * on this page sees the change at once.
 */

const EVERY_MS = 5_000;
const LIST = { ...PAGED, refetchInterval: EVERY_MS };

/** People by address, page by page; those that the search finds, or all. */
export function peopleQuery(search: string) {
  const input = { ...(search && { search }), limit: 20 };
  return watching.users.list.infiniteQueryOptions(input, { ...LIST, placeholderData: keepPreviousData });
}

/** One of them, with what is in the wallet. */
export function personQuery(userId: string) {
  return watching.users.byId.queryOptions(
    { userId },
    { ...READING, refetchInterval: ({ state }) => !isNotFound(state.error) && EVERY_MS },
  );
}

export function personPurchasesQuery(userId: string) {
  return watching.purchases.list.infiniteQueryOptions({ userId, limit: 10 }, LIST);
}

export function personOrdersQuery(userId: string) {
  return watching.orders.list.infiniteQueryOptions({ userId, limit: 10 }, LIST);
}

export function personStatementQuery(userId: string) {
  return watching.wallets.statement.infiniteQueryOptions({ userId, limit: 20 }, LIST);
}

/** Where somebody is signed in. */
export function personSessionsQuery(userId: string) {
  return watching.users.sessions.queryOptions({ userId }, { ...READING, refetchInterval: EVERY_MS });
}

/** What operators did to the account and the wallet. */
export function personRecordQuery(userId: string) {
  return watching.audit.list.infiniteQueryOptions({ subject: `user:${userId}`, limit: 10 }, LIST);
}

/** Reads anew whatever of this may have changed. */
export function rereadPeople(): Promise<unknown> {
  const { users, purchases, orders, wallets, audit } = watching;
  const changed = [users, purchases, orders, wallets, audit].map((domain) => domain.pathKey());
  return Promise.all(changed.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}
