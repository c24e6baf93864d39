import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Purchase } from "../../../../shared/purchases.ts";
import { purchasesQuery } from "../../app/queries.ts";
import { useRereadWallet } from "../../app/use-reread-wallet.ts";
import { buttonLook } from "../../components/button.tsx";
import { ClosedDoor, LoadFailure } from "../../components/load-failure.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Money } from "../../components/money.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { Thumbnail } from "../../components/thumbnail.tsx";
import { When } from "../../components/when.tsx";
import { PURCHASE_STATUS_WORDS, type PurchaseStatusWords } from "./purchase-status-words.ts";

/** One's own purchases, newest first. They are read again until all that is shown has arrived where it goes. */
export function PurchaseList() {
  const query = useInfiniteQuery({
    ...purchasesQuery,
    refetchInterval: ({ state: { data } }) => (shownIn(data).some(isOnItsWay) ? REREAD_MS : false),
  });
  useRereadWallet(query.data && shownIn(query.data).filter(isGivenBack).length);
  if (query.isPending) return <Skeleton className="h-80 w-full" />;
  if (query.isError && !query.data)
    return <LoadFailure what="Your purchases" error={query.error} onRetry={() => void query.refetch()} />;
  const purchases = shownIn(query.data);
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

/** A warehouse that answers is done in less. */
const REREAD_MS = 3_000;

function shownIn(data: { readonly pages: readonly { readonly items: Purchase[] }[] } | undefined): Purchase[] {
  return data?.pages.flatMap(({ items }) => items) ?? [];
}

function isOnItsWay({ status }: Purchase): boolean {
  return PURCHASE_STATUS_WORDS[status].isOnItsWay;
}

function isGivenBack({ status }: Purchase): boolean {
  return PURCHASE_STATUS_WORDS[status].isGivenBack;
}

function PurchaseRow({ purchase }: { purchase: Purchase }) {
  const { itemName, imageUrl, quantity, position, refundedAt } = purchase;
  const because = purchase.rejectedBecause ?? purchase.refundedBecause;
  const words = PURCHASE_STATUS_WORDS[purchase.status];
  return (
    <li className="flex items-start gap-x-4 border-b border-line py-4 sm:gap-x-5">
      <Thumbnail imageUrl={imageUrl} isFaded={words.isGivenBack} />
      <div className="min-w-0 grow">
        <h2 className="text-xl leading-tight font-bold narrow">
          {quantity > 1 ? `${quantity} × ${itemName}` : itemName}
        </h2>
        <p className="mt-1 text-muted">
          Buyer number{" "}
          <span className="figures font-semibold text-ink">{new Intl.NumberFormat("en").format(position)}</span> ·{" "}
          <When at={purchase.purchasedAt} />
        </p>
        <p className={`mt-2 w-fit rounded-full px-3 py-1 text-sm font-semibold ${TONES[words.tone]}`}>
          {words.text} {refundedAt !== null && <When at={refundedAt} />}
        </p>
        {because !== null && <p className="mt-1.5 leading-snug text-muted">{because}</p>}
        <p className="mt-1.5 text-xs break-all text-muted">Purchase {purchase.purchaseId}</p>
      </div>
      <p className={`ml-auto text-xl font-bold narrow ${words.isGivenBack ? "text-muted line-through" : ""}`}>
        <Money cents={purchase.amountCents} />
      </p>
    </li>
  );
}

const TONES: Record<PurchaseStatusWords["tone"], string> = {
  plain: "bg-sunken text-ink",
  good: "bg-good-soft text-good",
  bad: "bg-hot-soft text-hot",
};

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
