import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Order } from "../../../../shared/orders.ts";
import { ordersQuery } from "../../app/queries.ts";
import { useRereadWallet } from "../../app/use-reread-wallet.ts";
import { buttonLook } from "../../components/button.tsx";
import { ClosedDoor, LoadFailure } from "../../components/load-failure.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Money } from "../../components/money.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { Thumbnail } from "../../components/thumbnail.tsx";
import { When } from "../../components/when.tsx";
import { type OrderStatusWords, orderStatusWords } from "./order-status-words.ts";

/** One's own orders, newest first. They are read again until all that is shown has arrived where it goes. */
export function OrderList() {
  const query = useInfiniteQuery({
    ...ordersQuery,
    refetchInterval: ({ state: { data } }) =>
      shownIn(data).some(({ status }) => status === "pending") ? REREAD_MS : false,
  });
  useRereadWallet(query.data && shownIn(query.data).filter(isGivenBack).length);
  if (query.isPending) return <Skeleton className="h-80 w-full" />;
  if (query.isError && !query.data)
    return <LoadFailure what="Your orders" error={query.error} onRetry={() => void query.refetch()} />;
  const orders = shownIn(query.data);
  if (orders.length === 0) return <NothingYet />;
  return (
    <>
      <ul aria-label="Orders" className="grid gap-6">
        {orders.map((order) => (
          <OrderCard key={order.orderId} order={order} />
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}

/** A warehouse that answers is done in less. */
const REREAD_MS = 3_000;

function shownIn(data: { readonly pages: readonly { readonly items: Order[] }[] } | undefined): Order[] {
  return data?.pages.flatMap(({ items }) => items) ?? [];
}

function isGivenBack({ status }: Order): boolean {
  return status === "refunded" || status === "rejected";
}

function OrderCard({ order }: { order: Order }) {
  const { text, tone } = orderStatusWords(order);
  return (
    <li aria-label={`Order ${order.orderId}`} className="rounded-xl bg-surface ring-1 ring-line">
      <header className="flex flex-wrap items-center gap-x-5 gap-y-2 border-b border-line px-4 py-4 sm:px-6">
        <h2 className="figures text-xl font-bold narrow">Order {order.orderId}</h2>
        <p className="text-muted">
          <When at={order.placedAt} />
        </p>
        <p className={`rounded-full px-3 py-1 text-sm font-semibold ${TONES[tone]}`}>{text}</p>
        <p className={`ml-auto text-xl font-bold narrow ${isGivenBack(order) ? "text-muted line-through" : ""}`}>
          <Money cents={order.amountCents} currency={order.currency} />
        </p>
      </header>
      {isGivenBack(order) && (
        <p className="px-4 pt-4 text-muted sm:px-6">
          {order.refundedAt !== null && (
            <>
              <Money cents={order.amountCents} currency={order.currency} /> went back to your wallet on{" "}
              <When at={order.refundedAt} />.{" "}
            </>
          )}
          {order.errorMessage}
        </p>
      )}
      <ul className="px-4 sm:px-6">
        {order.lines.map(({ line, productName, imageUrl, quantity, priceCents }) => (
          <li key={line} className="flex items-center gap-x-4 border-b border-line py-4 last:border-0">
            <Thumbnail imageUrl={imageUrl} isFaded={isGivenBack(order)} />
            <div className="flex min-w-0 grow items-baseline justify-between gap-x-4">
              <p className="min-w-0 font-semibold wrap-anywhere">
                {productName}
                <span className="figures block font-normal text-muted">
                  {quantity} × <Money cents={priceCents} currency={order.currency} />
                </span>
              </p>
              {order.lines.length > 1 && (
                <p className="font-semibold narrow">
                  <Money cents={quantity * priceCents} currency={order.currency} />
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </li>
  );
}

const TONES: Record<OrderStatusWords["tone"], string> = {
  plain: "bg-sunken text-ink",
  good: "bg-good-soft text-good",
  bad: "bg-hot-soft text-hot",
};

function NothingYet() {
  return (
    <div className="py-12 text-center">
      <ClosedDoor />
      <p className="mt-6 mb-6 text-lg text-muted">No orders yet. What you order from the catalogue is listed here.</p>
      <Link to="/catalogue" className={buttonLook("primary")}>
        To the catalogue
      </Link>
    </div>
  );
}
