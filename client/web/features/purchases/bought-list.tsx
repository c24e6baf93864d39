import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ordersQuery, purchasesQuery } from "../../app/queries.ts";
import { useRereadWallet } from "../../app/use-reread-wallet.ts";
import { LoadFailure } from "../../components/load-failure.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { type Bought, ofOrder, ofPurchase } from "./bought.ts";
import { BoughtRow } from "./bought-row.tsx";
import { mergeByTime } from "./merge-by-time.ts";

/**
 * All that one has bought, in sales and from the catalogue, newest first. It is read again until all that is shown has
 * arrived where it goes.
 */
export function BoughtList({ show, renderReceiptLink, nothingYet }: BoughtListProps) {
  const purchases = useInfiniteQuery({
    ...purchasesQuery,
    select: ({ pages }) => pages.flatMap(({ items }) => items.map(ofPurchase)),
    refetchInterval: ({ state: { data } }) => rereadMs(data?.pages.flatMap(({ items }) => items.map(ofPurchase)) ?? []),
  });
  const orders = useInfiniteQuery({
    ...ordersQuery,
    select: ({ pages }) => pages.flatMap(({ items }) => items.map(ofOrder)),
    refetchInterval: ({ state: { data } }) => rereadMs(data?.pages.flatMap(({ items }) => items.map(ofOrder)) ?? []),
  });
  const queries = [...(show === "orders" ? [] : [purchases]), ...(show === "sales" ? [] : [orders])];
  const { entries, behind } = mergeByTime(
    queries.map(({ data = [], hasNextPage }) => ({ entries: data, hasMore: hasNextPage })),
  );
  useRereadWallet(queries.some(({ data }) => !data) ? undefined : entries.filter(isGivenBack).length);
  if (queries.some(({ isPending }) => isPending)) return <Skeleton className="h-80 w-full" />;
  const unread = queries.filter(({ data }) => !data);
  if (unread[0]) {
    return (
      <LoadFailure
        what="Your purchases"
        error={unread[0].error}
        onRetry={() => void Promise.all(unread.map((query) => query.refetch()))}
      />
    );
  }
  if (entries.length === 0) return nothingYet;
  const more = behind.flatMap((index) => queries[index] ?? []);
  return (
    <>
      <ul aria-label="Purchases" className="border-t-2 border-ink">
        {entries.map((bought) => (
          <BoughtRow key={bought.receiptId} bought={bought} renderReceiptLink={renderReceiptLink} />
        ))}
      </ul>
      <LoadMore
        query={{
          hasNextPage: more.length > 0,
          isFetchingNextPage: more.some((query) => query.isFetchingNextPage),
          isFetchNextPageError: more.some((query) => query.isFetchNextPageError),
          fetchNextPage: () => Promise.all(more.map((query) => query.fetchNextPage())),
        }}
      />
    </>
  );
}

/** A warehouse that answers is done in less. */
const REREAD_MS = 3_000;

function rereadMs(shown: readonly Bought[]): number | false {
  return shown.some(({ status }) => status.isOnItsWay) ? REREAD_MS : false;
}

function isGivenBack({ status }: Bought): boolean {
  return status.isGivenBack;
}

interface BoughtListProps {
  /** What was bought in sales, what was ordered from the catalogue, or all. */
  readonly show: "sales" | "orders" | undefined;
  readonly renderReceiptLink: (receiptId: string, words: ReactNode) => ReactNode;
  readonly nothingYet: ReactNode;
}
