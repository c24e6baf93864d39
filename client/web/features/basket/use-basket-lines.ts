import { useQuery } from "@tanstack/react-query";
import { productsQuery } from "../../app/queries.ts";
import { type LineState, lineStates } from "./line-states.ts";
import { useBasket } from "./use-basket.ts";

/** The basket's lines beside what the shop says of their products, read again while the page is looked at. */
export function useBasketLines(): BasketLinesRead {
  const { lines } = useBasket();
  const productIds = lines.map(({ productId }) => productId).sort((a, b) => a - b);
  const query = useQuery({ ...productsQuery(productIds), enabled: lines.length > 0, refetchInterval: REREAD_MS });
  // Of the answer for another set of products nothing can be said about those that are missing in it.
  const products =
    query.data && knowsAll(query.data.items, productIds, query.isPlaceholderData) ? query.data.items : undefined;
  return {
    states: lineStates(lines, products),
    failure: products ? null : query.error,
    refetch: () => void query.refetch(),
  };
}

export interface BasketLinesRead {
  readonly states: LineState[];
  /** Why prices and stock could not be checked. */
  readonly failure: { readonly message: string } | null;
  readonly refetch: () => void;
}

function knowsAll(products: readonly { id: number }[], productIds: readonly number[], isOfOthers: boolean): boolean {
  if (!isOfOthers) return true;
  const known = new Set(products.map(({ id }) => id));
  return productIds.every((id) => known.has(id));
}

/** Shortages show up while the buyer still thinks. */
const REREAD_MS = 15_000;
