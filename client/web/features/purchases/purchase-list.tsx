import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Purchase } from "../../../../shared/purchases.ts";
import { purchasesQuery } from "../../app/queries.ts";
import { buttonLook } from "../../components/button.tsx";
import { ClosedDoor, LoadFailure } from "../../components/load-failure.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Money } from "../../components/money.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { Thumbnail } from "../../components/thumbnail.tsx";
import { When } from "../../components/when.tsx";

/** One's own purchases, newest first. */
export function PurchaseList() {
  const query = useInfiniteQuery(purchasesQuery);
  if (query.isPending) return <Skeleton className="h-80 w-full" />;
  if (query.isError && !query.data) return <LoadFailure what="Your purchases" onRetry={() => void query.refetch()} />;
  const purchases = query.data.pages.flatMap(({ items }) => items);
  if (purchases.length === 0) return <NothingYet />;
  return (
    <>
      <ul aria-label="Purchases" className="border-t-2 border-ink">
        {purchases.map((purchase) => (
          <PurchaseRow key={purchase.purchaseId} purchase={purchase} />
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}

function PurchaseRow({ purchase }: { purchase: Purchase }) {
  const { itemName, imageUrl, quantity, position, refundedAt } = purchase;
  return (
    <li className="flex items-start gap-x-4 border-b border-line py-4 sm:gap-x-5">
      <Thumbnail imageUrl={imageUrl} />
      <div className="min-w-0 grow">
        <h2 className="text-xl leading-tight font-bold narrow">
          {quantity > 1 ? `${quantity} × ${itemName}` : itemName}
        </h2>
        <p className="mt-1 text-muted">
          Buyer number{" "}
          <span className="figures font-semibold text-ink">{new Intl.NumberFormat("en").format(position)}</span> ·{" "}
          <When at={purchase.purchasedAt} />
        </p>
        {refundedAt !== null && (
          <p className="mt-2 w-fit rounded-full bg-good-soft px-3 py-1 text-sm font-semibold text-good">
            Refunded <When at={refundedAt} />
          </p>
        )}
        <p className="mt-1.5 text-xs break-all text-muted">Purchase {purchase.purchaseId}</p>
      </div>
      <p className={`ml-auto text-xl font-bold narrow ${refundedAt === null ? "" : "text-muted line-through"}`}>
        <Money cents={purchase.amountCents} />
      </p>
    </li>
  );
}

function NothingYet() {
  return (
    <div className="py-12 text-center">
      <ClosedDoor />
      <p className="mt-6 mb-6 text-lg text-muted">
        Nothing here yet. What you buy is listed here, with your place in the queue.
      </p>
      <Link to="/" className={buttonLook("primary")}>
        To the sale
      </Link>
    </div>
  );
}
