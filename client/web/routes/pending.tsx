import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useSyncExternalStore } from "react";
import type { Session } from "../app/session.ts";
import { Button, buttonLook } from "../components/button.tsx";
import { Money } from "../components/money.tsx";
import { PendingNotice } from "../components/pending-notice.tsx";
import { Written } from "../components/written.tsx";
import { orderIntents } from "../features/basket/order-intents.ts";
import { orderOutcomes, orderRunner } from "../features/basket/order-runner.ts";
import { purchaseIntents } from "../features/buying/purchase-intents.ts";
import { purchaseOutcomes, purchaseRunner } from "../features/buying/purchase-runner.ts";
import { topUpIntents } from "../features/wallet/top-up-intents.ts";
import { topUpRunner } from "../features/wallet/top-up-runner.ts";

/** What the buyer has asked for and waits, and what was charged away from where it is shown. On every page. */
export function Pending({ session }: { session: Session | undefined }) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const owner = {
    ownerId: session?.ownerId,
    onSignIn: () => void navigate({ to: "/sign-in", search: { from: pathname } }),
  };
  return (
    <>
      <PendingNotice
        {...owner}
        what="purchase"
        intents={purchaseIntents}
        runner={purchaseRunner}
        describe={({ itemName, shownCents }) => (
          <>
            A purchase
            {itemName !== undefined && shownCents !== undefined && (
              <>
                {" "}
                of <Written>{itemName}</Written>, <Money cents={shownCents} />,
              </>
            )}
          </>
        )}
      />
      <PendingNotice
        {...owner}
        what="order"
        intents={orderIntents}
        runner={orderRunner}
        describe={({ shownCents }) => (
          <>
            An order of <Money cents={shownCents} />
          </>
        )}
      />
      <PendingNotice
        {...owner}
        what="top-up"
        intents={topUpIntents}
        runner={topUpRunner}
        describe={({ amountCents }) => (
          <>
            A top-up of <Money cents={amountCents} />
          </>
        )}
      />
      <Charged userId={session?.user?.id} pathname={pathname} />
    </>
  );
}

/** Receipts of what went through while its own page was not open. */
function Charged({ userId, pathname }: { userId: string | undefined; pathname: string }) {
  const purchases = useSyncExternalStore(onPurchase, () => purchaseOutcomes.all());
  const orders = useSyncExternalStore(onOrder, () => orderOutcomes.all());
  const isAtSale = pathname === "/" || pathname.startsWith("/sales");
  return (
    <>
      {!isAtSale &&
        [...purchases.values()].map((outcome) => {
          if (outcome.intent.userId !== userId || outcome.kind !== "decided" || purchaseOutcomes.isSeen(outcome))
            return null;
          const { intent, result } = outcome;
          if (result.outcome !== "purchased") return null;
          return (
            <ReceiptNotice
              key={intent.key}
              receiptId={result.purchaseId}
              onDismiss={() => purchaseOutcomes.dismiss(intent.itemId)}
            >
              Your purchase{" "}
              {intent.itemName !== undefined && (
                <>
                  of <Written>{intent.itemName}</Written>
                </>
              )}{" "}
              went through: <Money cents={result.amountCents} /> paid.
            </ReceiptNotice>
          );
        })}
      {pathname !== "/basket" &&
        [...orders.values()].map((outcome) => {
          if (outcome.intent.userId !== userId || outcome.kind !== "decided" || orderOutcomes.isSeen(outcome))
            return null;
          const { intent, result } = outcome;
          if (result.outcome !== "placed") return null;
          return (
            <ReceiptNotice
              key={intent.key}
              receiptId={`order-${result.order.orderId}`}
              onDismiss={() => orderOutcomes.dismiss(intent.userId)}
            >
              Your order went through: <Money cents={result.order.amountCents} /> paid.
            </ReceiptNotice>
          );
        })}
    </>
  );
}

function ReceiptNotice({ receiptId, onDismiss, children }: ReceiptNoticeProps) {
  return (
    <section aria-label="Went through" className="border-b border-line bg-good-soft">
      <div className="page-width flex flex-wrap items-center gap-x-4 gap-y-2 py-2 text-[0.95rem]">
        <p role="status" className="grow">
          {children}
        </p>
        <Link to="/purchases/$receiptId" params={{ receiptId }} className={buttonLook("quiet")}>
          Receipt
        </Link>
        <Button look="quiet" onClick={onDismiss}>
          Done
        </Button>
      </div>
    </section>
  );
}

interface ReceiptNoticeProps {
  readonly receiptId: string;
  readonly onDismiss: () => void;
  readonly children: ReactNode;
}

const onPurchase = (listener: () => void) => purchaseOutcomes.subscribe(listener);
const onOrder = (listener: () => void) => orderOutcomes.subscribe(listener);
