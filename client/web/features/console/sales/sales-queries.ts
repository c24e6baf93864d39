import { keepPreviousData } from "@tanstack/react-query";
import type { SaleStatus } from "../../../../../shared/sales.ts";
import { queryClient } from "../../../app/clients.ts";
import { PAGED, READING } from "../../../app/queries.ts";
import { watching } from "../console-queries.ts";
import { isNotFound } from "../is-not-found.ts";
import type { TableSort } from "../table-sort.ts";

/* What the console reads of sales, as in `console-queries.ts`. */

const LIST_MS = 2_000;
const SALE_MS = 2_000;
const CODES_MS = 5_000;

/** Which sales are shown. */
export interface SaleFilter {
  readonly search: string;
  readonly status: SaleStatus | undefined;
  readonly sort: TableSort<"name" | "start">;
}

/** Sales, page by page. While others are asked for, those that were found last stay. */
export function saleListQuery({ search, status, sort }: SaleFilter) {
  return watching.sales.overview.infiniteQueryOptions(
    { ...(search && { search }), ...(status && { status }), sort: sort.by, descending: sort.isDescending, limit: 25 },
    { ...PAGED, refetchInterval: LIST_MS, placeholderData: keepPreviousData },
  );
}

/** One sale as staff see it. */
export function saleDetailsQuery(saleId: number) {
  return watching.sales.details.queryOptions(
    { saleId },
    { ...READING, refetchInterval: ({ state }) => !isNotFound(state.error) && SALE_MS },
  );
}

/** Its access codes with how many each has let in. */
export function codesQuery(saleId: number) {
  return watching.sales.codes.infiniteQueryOptions({ saleId, limit: 50 }, { ...PAGED, refetchInterval: CODES_MS });
}

/** Products of the catalogue, to choose from. */
export function productChoicesQuery(search: string) {
  return watching.products.list.queryOptions({ search, limit: 8 }, { ...READING, placeholderData: keepPreviousData });
}

/** Where units may come from. */
export const warehouseChoicesQuery = watching.warehouses.list.queryOptions({ limit: 100 }, READING);

/** Reads anew whatever a change of a sale may have changed. */
export function rereadSales(): Promise<unknown> {
  const { sales, products } = watching;
  const changed = [sales.pathKey(), products.pathKey()];
  return Promise.all(changed.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}
