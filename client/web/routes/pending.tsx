import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useCallback, useSyncExternalStore } from "react";
import type { IntentFlow } from "../app/intent-flow.ts";
import type { Session } from "../app/session.ts";
import { Button, buttonLook } from "../components/button.tsx";
import { Money } from "../components/money.tsx";
import { PendingNotice } from "../components/pending-notice.tsx";
import { Written } from "../components/written.tsx";
import { orderFlow } from "../features/basket/order-flow.ts";
import { purchaseFlow } from "../features/buying/purchase-flow.ts";
import { topUpFlow } from "../features/wallet/top-up-flow.ts";

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
        flow={purchaseFlow}
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
        flow={orderFlow}
        describe={({ shownCents }) => (
          <>
            An order of <Money cents={shownCents} />
          </>
        )}
      />
      <PendingNotice
        {...owner}
        what="top-up"
        flow={topUpFlow}
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
  const isAtSale = pathname === "/" || pathname.startsWith("/sales");
  const purchases = useUnseen(purchaseFlow, userId, isAtSale);
  const orders = useUnseen(orderFlow, userId, pathname === "/basket");
  return (
    <>
      {purchases.map(
        ({ intent, result, dismiss }) =>
          result.outcome === "purchased" && (
            <ReceiptNotice key={intent.key} receiptId={result.purchaseId} onDismiss={dismiss}>
              Your purchase{" "}
              {intent.itemName !== undefined && (
                <>
                  of <Written>{intent.itemName}</Written>
                </>
              )}{" "}
              went through: <Money cents={result.amountCents} /> paid.
            </ReceiptNotice>
          ),
      )}
      {orders.map(
        ({ intent, result, dismiss }) =>
          result.outcome === "placed" && (
            <ReceiptNotice key={intent.key} receiptId={`order-${result.order.orderId}`} onDismiss={dismiss}>
              Your order went through: <Money cents={result.order.amountCents} /> paid.
            </ReceiptNotice>
          ),
      )}
    </>
  );
}

/** This user's decisions that were not shown anywhere; none where the page itself shows them. */
function useUnseen<Wish, Decision, Subject>(
  { outcomes }: IntentFlow<Wish, Decision, Subject>,
  userId: string | undefined,
  isShownByPage: boolean,
) {
  const all = useSyncExternalStore(
    useCallback((listener) => outcomes.subscribe(listener), [outcomes]),
    () => outcomes.all(),
  );
  if (isShownByPage) return [];
  return [...all].flatMap(([subject, outcome]) =>
    outcome.kind === "decided" && outcome.intent.userId === userId && !outcomes.isSeen(outcome)
      ? { ...outcome, dismiss: () => outcomes.dismiss(subject) }
      : [],
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
