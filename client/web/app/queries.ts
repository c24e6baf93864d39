import { keepPreviousData, type QueryKey, queryOptions } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { doorbuster, queryClient } from "./clients.ts";

/* What the page reads, and under which keys. The client tries again by itself, so these queries do not. */

/** Options for TanStack Query by procedure. */
export const trpc = createTRPCOptionsProxy({ client: doorbuster.trpc, queryClient });

/** What is asked for stops when nobody waits for it any more. */
export const READING = { retry: false, trpc: { abortOnUnmount: true } } as const;

/** The same, page by page. */
export const PAGED = {
  ...READING,
  getNextPageParam: ({ nextCursor }: { readonly nextCursor: string | null }) => nextCursor,
};

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

/** Every sale, also those that are over, newest first. */
export const allSalesQuery = trpc.sales.list.infiniteQueryOptions({ limit: 20 }, PAGED);

/** One sale with its items. */
export function saleQuery(saleId: number) {
  return trpc.sales.byId.queryOptions({ saleId }, READING);
}

/** Whether the signed-in user has entered a code of the sale. */
export function admissionQuery(saleId: number) {
  return trpc.sales.admission.queryOptions({ saleId }, READING);
}

/** The signed-in user's balance. */
export const walletQuery = trpc.wallets.mine.queryOptions(undefined, READING);

/** The signed-in user's statement, newest first. */
export const movementsQuery = trpc.wallets.movements.infiniteQueryOptions({ limit: 20 }, PAGED);

/** The signed-in user's purchases, newest first. */
export const purchasesQuery = trpc.purchases.mine.infiniteQueryOptions({ limit: 10 }, PAGED);

/** The catalogue, by name. While another search is under way, what was found last stays. */
export function catalogueQuery(search: string) {
  return trpc.products.list.infiniteQueryOptions(
    { search, limit: 24 },
    { ...PAGED, placeholderData: keepPreviousData },
  );
}

/** These products as they are now; those that are no longer sold are missing. */
export function productsQuery(productIds: readonly number[]) {
  return trpc.products.list.queryOptions(
    { productIds: [...productIds], limit: 100 },
    { ...READING, placeholderData: keepPreviousData },
  );
}

/** The signed-in user's orders, newest first. */
export const ordersQuery = trpc.orders.mine.infiniteQueryOptions({ limit: 10 }, PAGED);

/** One of the signed-in user's purchases as it stands. */
export function purchaseQuery(purchaseId: string) {
  return trpc.purchases.byId.queryOptions({ purchaseId }, READING);
}

/** One of the signed-in user's orders as it stands. */
export function orderQuery(orderId: number) {
  return trpc.orders.byId.queryOptions({ orderId }, READING);
}

/** Everything that is read about the catalogue, about the wallet, and about the user's own purchases and orders. */
export const PRODUCTS_KEY = trpc.products.pathKey();
export const WALLETS_KEY = trpc.wallets.pathKey();
export const PURCHASES_KEY = trpc.purchases.pathKey();
export const ORDERS_KEY = trpc.orders.pathKey();

/** Whether an answer is of whoever was signed in when it was read. The page keeps for the next one only what everybody may see. */
export function isPersonal([path]: QueryKey): boolean {
  return Array.isArray(path) && !PUBLIC_PATHS.has(path.join("."));
}

const PUBLIC_PATHS = new Set(["sales.list", "sales.byId", "products.list"]);
