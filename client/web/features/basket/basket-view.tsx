import { useEffect, useRef } from "react";
import type { Wallet } from "../../../../shared/wallets.ts";
import { onBackOnline, useIsOffline } from "../../app/connection.ts";
import { failureWords } from "../../app/failure-words.ts";
import { useSession } from "../../app/session.ts";
import { useFocusOnOutcome } from "../../app/use-focus-on-outcome.ts";
import { useIntent } from "../../app/use-intent.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { BasketLines } from "./basket-lines.tsx";
import { BasketNotices } from "./basket-notices.tsx";
import { CheckoutPanel } from "./checkout-panel.tsx";
import { EmptyBasket } from "./empty-basket.tsx";
import { orderFlow } from "./order-flow.ts";
import { OrderReceipt } from "./order-receipt.tsx";
import { receiptWords } from "./receipt-words.ts";
import { useBasketLines } from "./use-basket-lines.ts";

/** The basket, its checkout, and what became of the last one. */
export function BasketView({ userId, wallet, onSignIn, onTopUp }: BasketViewProps) {
  const { states, failure, refetch } = useBasketLines();
  const ownerId = useSession()?.ownerId;
  const checkout = useIntent(orderFlow, ownerId ?? "", ownerId);
  const isOffline = useIsOffline();
  useEffect(() => (failure ? onBackOnline(refetch) : undefined), [failure, refetch]);
  const { pending, outcome } = checkout;
  const placed = outcome?.kind === "decided" && outcome.result.outcome === "placed" ? outcome.result : undefined;
  const isPlaced = outcome !== undefined && placed !== undefined && pending === undefined;
  const isEmpty = states.length === 0 && pending === undefined;
  const receipt = useFocusOnOutcome(isPlaced);
  const left = useRef<HTMLDivElement>(null);
  return (
    <>
      <p role="status" className="sr-only">
        {isPlaced && `Order ${placed.order.orderId}: ${receiptWords(placed.order.status)}`}
      </p>
      <div ref={receipt} tabIndex={-1} className="outline-none not-empty:mb-12">
        {isPlaced && <OrderReceipt intent={outcome.intent} placed={placed} onDismiss={checkout.dismiss} />}
      </div>
      <div className={isEmpty ? "" : "grid gap-x-12 gap-y-8 lg:grid-cols-[1fr_22rem]"}>
        <div ref={left} tabIndex={-1} className="min-w-0 outline-none">
          {failure && (
            <Notice
              tone="bad"
              title="Prices and stock could not be checked"
              className="mb-6"
              actions={
                <Button look="plain" onClick={refetch}>
                  Try again
                </Button>
              }
            >
              {failureWords(failure, isOffline)} Your basket is kept.
            </Notice>
          )}
          <BasketNotices
            states={states}
            disabled={pending !== undefined}
            onMended={() => left.current?.focus({ preventScroll: true })}
          />
          <BasketLines states={states} disabled={pending !== undefined} />
          {isEmpty && !isPlaced && <EmptyBasket />}
        </div>
        {!isEmpty && (
          <CheckoutPanel
            states={states}
            checkout={checkout}
            wallet={wallet}
            userId={userId}
            onSignIn={onSignIn}
            onTopUp={onTopUp}
          />
        )}
      </div>
    </>
  );
}

interface BasketViewProps {
  /** null for a visitor, undefined until it is known who is here. */
  readonly userId: string | null | undefined;
  readonly wallet: Wallet | undefined;
  readonly onSignIn: () => void;
  /** Given what is missing. */
  readonly onTopUp: (missingCents: number) => void;
}
