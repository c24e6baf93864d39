import { keepPreviousData } from "@tanstack/react-query";
import type { ListAllProductsInput } from "../../../../../shared/products.ts";
import { queryClient } from "../../../app/clients.ts";
import { PAGED, READING } from "../../../app/queries.ts";
import { watching } from "../console-queries.ts";
import { isNotFound } from "../is-not-found.ts";

/* What the console reads about products, as in `console-queries.ts`. */

const EVERY_MS = 5_000;
const LIST = { ...PAGED, refetchInterval: EVERY_MS };
const UNTIL_NOT_FOUND = {
  ...READING,
  refetchInterval: ({ state }: { readonly state: { readonly error: unknown } }) => !isNotFound(state.error) && EVERY_MS,
};

/** Which products are shown, and in which order. */
export type ProductFilter = Pick<ListAllProductsInput, "search" | "show" | "sort" | "descending">;

/** While others are asked for, those that were found last stay. */
export function allProductsQuery(filter: Partial<ProductFilter>) {
  return watching.products.all.infiniteQueryOptions(
    { ...filter, limit: 20 },
    { ...LIST, placeholderData: keepPreviousData },
  );
}

export function staffProductQuery(productId: number) {
  return watching.products.byId.queryOptions({ productId }, UNTIL_NOT_FOUND);
}

export function productHistoryQuery(productId: number) {
  return watching.products.history.infiniteQueryOptions({ productId, limit: 10 }, LIST);
}

export function productSalesQuery(productId: number) {
  return watching.sales.ofProduct.infiniteQueryOptions({ productId, limit: 5 }, LIST);
}

export const warehousesQuery = watching.warehouses.list.infiniteQueryOptions({ limit: 100 }, LIST);

export const familiesQuery = watching.families.list.infiniteQueryOptions({ limit: 20 }, LIST);

export function familyQuery(familyId: number) {
  return watching.families.byId.queryOptions({ familyId }, UNTIL_NOT_FOUND);
}

/** Reads anew whatever of this may have changed. */
export function rereadProducts(): Promise<unknown> {
  const { products, families, warehouses, sales } = watching;
  const changed = [products, families, warehouses, sales].map((domain) => domain.pathKey());
  return Promise.all(changed.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}
