import { useInfiniteQuery } from "@tanstack/react-query";
import { allSalesQuery } from "../../app/queries.ts";
import { LoadFailure } from "../../components/load-failure.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { SaleLinks } from "./sale-links.tsx";

/** The way to every sale but the one that is shown, also to those that are over, newest first. */
export function AllSales({ shownId }: { shownId: number }) {
  const query = useInfiniteQuery(allSalesQuery);
  if (query.isPending) return <Skeleton className="mt-5 h-64 w-full" />;
  if (!query.data)
    return <LoadFailure what="The list of sales" error={query.error} onRetry={() => void query.refetch()} />;
  const sales = query.data.pages.flatMap(({ items }) => items);
  return (
    <>
      <SaleLinks sales={sales.filter(({ id }) => id !== shownId)} />
      <LoadMore query={query} />
    </>
  );
}
