import { queryOptions } from "@tanstack/react-query";
import type { Sale } from "../../../shared/sales.ts";
import { doorbuster } from "./clients.ts";

/*
 * What the front page reads. It goes through the shop's client, which the page needs for buying anyway, so that the
 * first load carries one client and not two; pages that come later read through tRPC's own (`trpc.ts`). Both name
 * their queries alike: the procedure's path first. The client tries again by itself, so these queries do not.
 */

/** The newest sales. */
export const salesQuery = queryOptions({
  queryKey: [["sales", "list"]],
  queryFn: ({ signal }) => doorbuster.sales.list({ limit: 50 }, { signal }),
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

/** Everything that is read about the wallet, and about the user's own purchases, through either client. */
export const WALLETS_KEY = [["wallets"]];
export const PURCHASES_KEY = [["purchases"]];
