import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { DoorbusterError } from "../../sdk/index.ts";
import { orderQuery, purchaseQuery } from "../app/queries.ts";
import { useSession } from "../app/session.ts";
import { Button, buttonLook } from "../components/button.tsx";
import { LoadFailure } from "../components/load-failure.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { type Bought, ofOrder, ofPurchase, orderIdOf } from "../features/purchases/bought.ts";
import { ReceiptPaper } from "../features/purchases/receipt-paper.tsx";
import { SignedIn } from "./signed-in.tsx";

/** The receipt of one purchase or order, at an address of its own. */
export function ReceiptRoute() {
  const { receiptId = "" } = useParams({ strict: false });
  return (
    <div className="page-width max-w-4xl py-10 sm:py-16 print:py-0">
      <PageHeading title="Receipt" tab={`Receipt ${receiptId}`}>
        <Link to="/purchases" className={`${buttonLook("quiet")} print:hidden`}>
          All purchases
        </Link>
      </PageHeading>
      <SignedIn what="this receipt">{() => <Receipt key={receiptId} receiptId={receiptId} />}</SignedIn>
    </div>
  );
}

function Receipt({ receiptId }: { receiptId: string }) {
  const user = useSession()?.user;
  const { data, error, isPending, refetch } = useBought(receiptId);
  if (isPending || !user) return <Skeleton className="h-96 w-full" />;
  if (!data) {
    return isUnknown(error) ? (
      <p className="rounded-2xl bg-sunken px-6 py-12 text-center text-lg">You have no receipt at this address.</p>
    ) : (
      <LoadFailure what="The receipt" error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
      <ReceiptPaper bought={data} buyer={user} />
      <Button look="plain" onClick={() => print()} className="mt-6 print:hidden">
        Print
      </Button>
    </>
  );
}

function isUnknown(error: unknown): boolean {
  return error instanceof DoorbusterError && (error.code === "NOT_FOUND" || error.code === "INVALID_INPUT");
}

/** Read again until it has arrived where it goes. */
function useBought(receiptId: string) {
  const orderId = orderIdOf(receiptId);
  const reread = (bought: Bought | undefined) => (bought?.status.isOnItsWay ? REREAD_MS : false);
  const purchase = useQuery({
    ...purchaseQuery(receiptId),
    enabled: orderId === undefined,
    select: ofPurchase,
    refetchInterval: ({ state: { data } }) => reread(data && ofPurchase(data)),
  });
  const order = useQuery({
    ...orderQuery(orderId ?? 0),
    enabled: orderId !== undefined,
    select: ofOrder,
    refetchInterval: ({ state: { data } }) => reread(data && ofOrder(data)),
  });
  return orderId === undefined ? purchase : order;
}

/** A warehouse that answers is done in less. */
const REREAD_MS = 3_000;
