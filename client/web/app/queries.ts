import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Sale } from "../../../shared/sales.ts";
import { doorbuster } from "./clients.ts";

/*
 * What the page reads. It goes through the shop's client, which the page needs for buying anyway, so that the first
 * load carries one client and not two. The client tries again by itself, so these queries do not. Keys begin with the
 * procedure's path.
 */

const FIRST_PAGE = null as string | null;

/** The newest sales, with those that are live also where so many are to come that the list begins with none. */
export const salesQuery = queryOptions({
  queryKey: [["sales", "list"]],
  queryFn: async ({ signal }) => {
    const { items, nextCursor } = await doorbuster.sales.list({ limit: SALES_READ }, { signal });
    if (nextCursor === null || items.some(({ status }) => status === "live")) return items;
    const live = await doorbuster.sales.list({ limit: SALES_READ, status: "live" }, { signal });
    return [...items, ...live.items];
  },
  retry: false,
});

const SALES_READ = 50;

/** Every sale, also those that are over, newest first, page by page. */
export const allSalesQuery = infiniteQueryOptions({
  queryKey: [["sales", "list"], "all"],
  queryFn: ({ pageParam, signal }) => doorbuster.sales.list({ cursor: pageParam, limit: 20 }, { signal }),
  initialPageParam: FIRST_PAGE,
  getNextPageParam: ({ nextCursor }) => nextCursor,
  retry: false,
});

/** One sale with its items. */
export function saleQuery(saleId: number) {
  return queryOptions({
    queryKey: [["sales", "byId"], saleId],
    queryFn: ({ signal }): Promise<Sale> => doorbuster.sales.byId({ saleId }, { signal }),
    retry: false,
  });
}

/** The signed-in user's balance. */
export const walletQuery = queryOptions({
  queryKey: [["wallets", "mine"]],
  queryFn: ({ signal }) => doorbuster.wallets.mine({ signal }),
  retry: false,
});

/** The signed-in user's statement, newest first, page by page. */
export const movementsQuery = infiniteQueryOptions({
  queryKey: [["wallets", "movements"]],
  queryFn: ({ pageParam, signal }) => doorbuster.wallets.movements({ cursor: pageParam, limit: 20 }, { signal }),
  initialPageParam: FIRST_PAGE,
  getNextPageParam: ({ nextCursor }) => nextCursor,
  retry: false,
});

/** The signed-in user's purchases, newest first, page by page. */
export const purchasesQuery = infiniteQueryOptions({
  queryKey: [["purchases", "mine"]],
  queryFn: ({ pageParam, signal }) => doorbuster.purchases.mine({ cursor: pageParam, limit: 10 }, { signal }),
  initialPageParam: FIRST_PAGE,
  getNextPageParam: ({ nextCursor }) => nextCursor,
  retry: false,
});

/** The catalogue, by name, page by page. While another search is under way, what was found last stays. */
export function catalogueQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: [["products", "list"], { search }],
    queryFn: ({ pageParam, signal }) => doorbuster.products.list({ search, cursor: pageParam, limit: 24 }, { signal }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** These products as they are now; those that are no longer sold are missing. */
export function productsQuery(productIds: readonly number[]) {
  return queryOptions({
    queryKey: [["products", "list"], { productIds }],
    queryFn: ({ signal }) => doorbuster.products.list({ productIds: [...productIds], limit: 100 }, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** The signed-in user's orders, newest first, page by page. */
export const ordersQuery = infiniteQueryOptions({
  queryKey: [["orders", "mine"]],
  queryFn: ({ pageParam, signal }) => doorbuster.orders.mine({ cursor: pageParam, limit: 10 }, { signal }),
  initialPageParam: FIRST_PAGE,
  getNextPageParam: ({ nextCursor }) => nextCursor,
  retry: false,
});

/** One of the signed-in user's purchases as it stands. */
export function purchaseQuery(purchaseId: string) {
  return queryOptions({
    queryKey: [["purchases", "byId"], purchaseId],
    queryFn: ({ signal }) => doorbuster.purchases.byId({ purchaseId }, { signal }),
    retry: false,
  });
}

/** One of the signed-in user's orders as it stands. */
export function orderQuery(orderId: number) {
  return queryOptions({
    queryKey: [["orders", "byId"], orderId],
    queryFn: ({ signal }) => doorbuster.orders.byId({ orderId }, { signal }),
    retry: false,
  });
}

/** Everything that is read about the catalogue, about the wallet, and about the user's own purchases and orders. */
export const PRODUCTS_KEY = [["products"]];
export const WALLETS_KEY = [["wallets"]];
export const PURCHASES_KEY = [["purchases"]];
export const ORDERS_KEY = [["orders"]];

/** What only the signed-in user may see; the last five are an operator's. */
export const PERSONAL_KEYS = [
  WALLETS_KEY,
  PURCHASES_KEY,
  ORDERS_KEY,
  [["tasks"]],
  [["warehouse"]],
  [["operations"]],
  [["users"]],
  [["audit"]],
];
