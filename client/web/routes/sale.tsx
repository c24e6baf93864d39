import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { queryClient } from "../app/clients.ts";
import { saleQuery, salesQuery } from "../app/queries.ts";
import { LoadFailure } from "../components/load-failure.tsx";
import { currentSale } from "../features/sale/current-sale.ts";
import { NoSale } from "../features/sale/no-sale.tsx";
import { SaleSkeleton } from "../features/sale/sale-skeleton.tsx";
import { NotFoundRoute } from "./not-found.tsx";
import { SaleView } from "./sale-view.tsx";

/** The front page: the sale that matters now. */
export function CurrentSaleRoute() {
  const query = useQuery({ ...salesQuery, refetchInterval: LIST_REREAD_MS });
  const [shownId, setShownId] = useState<number>();
  if (query.isPending) return <SaleSkeleton />;
  if (!query.data)
    return <LoadFailure isPage what="The sale" error={query.error} onRetry={() => void query.refetch()} />;
  const sale = currentSale(query.data, shownId);
  if (!sale) return <NoSale />;
  if (sale.id !== shownId) setShownId(sale.id);
  const { queryKey } = saleQuery(sale.id);
  if (!queryClient.getQueryData(queryKey)) queryClient.setQueryData(queryKey, sale);
  return <SaleView key={sale.id} saleId={sale.id} others={query.data} />;
}

/** One sale, by its address. */
export function SaleByIdRoute() {
  const saleId = Number(useParams({ strict: false }).saleId);
  if (!Number.isSafeInteger(saleId) || saleId < 1) return <NotFoundRoute />;
  return <SaleView key={saleId} saleId={saleId} />;
}

const LIST_REREAD_MS = 30_000;
