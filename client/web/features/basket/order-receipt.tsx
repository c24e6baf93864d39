import { Link } from "@tanstack/react-router";
import { Button, buttonLook } from "../../components/button.tsx";
import { Money } from "../../components/money.tsx";
import { When } from "../../components/when.tsx";
import { Written } from "../../components/written.tsx";
import type { OrderIntent, Placed } from "./order-flow.ts";

import { receiptWords } from "./receipt-words.ts";

/** The order, on paper: what was bought, what was paid, what is left in the wallet. */
export function OrderReceipt({ intent, placed, onDismiss }: OrderReceiptProps) {
  const { order } = placed;
  const isOtherAmount = order.amountCents !== intent.shownCents;
  const isGivenBack = order.status === "rejected" || order.status === "refunded";
  return (
    <section
      aria-label={`Receipt for order ${order.orderId}`}
      className="w-full max-w-xl animate-rise rounded-xl bg-surface px-5 pt-6 pb-4 shadow-[0_1px_0_var(--color-line),0_12px_32px_-16px_rgb(0_0_0/0.35)] ring-1 ring-line sm:px-8 sm:pt-8"
    >
      <h2 className="poster text-4xl uppercase">{isGivenBack ? "It cannot be sent" : "It’s yours"}</h2>
      <p className="mt-2 text-lg font-medium">
        Order <span className="figures">{order.orderId}</span>: {receiptWords(order.status)}
      </p>
      <p className="mt-1 text-muted">
        <When at={order.placedAt} />
      </p>
      {isGivenBack && order.errorMessage !== null && <p className="mt-2 text-muted">{order.errorMessage}</p>}
      <ul className="figures mt-5 grid gap-y-2 border-t-2 border-dashed border-line pt-4">
        {order.lines.map(({ line, productName, quantity, priceCents }) => (
          <li key={line} className="flex items-baseline justify-between gap-x-4">
            <span className="min-w-0">
              {quantity > 1 && <span className="font-semibold">{quantity} × </span>}
              <Written>{productName}</Written>
            </span>
            <Money cents={quantity * priceCents} currency={order.currency} />
          </li>
        ))}
      </ul>
      <dl className="figures mt-4 grid grid-cols-[1fr_auto] gap-y-1.5 border-t-2 border-dashed border-line pt-4">
        <dt className="font-bold">{isGivenBack ? "Paid, and given back" : "Paid"}</dt>
        <dd className="text-right font-bold">
          <Money cents={order.amountCents} currency={order.currency} />
        </dd>
        {!isGivenBack && (
          <>
            <dt className="text-muted">Balance after</dt>
            <dd className="text-right font-semibold">
              <Money cents={order.balanceCents} currency={order.currency} />
            </dd>
          </>
        )}
      </dl>
      {isOtherAmount && (
        <p className="mt-3 rounded-md bg-sunken px-4 py-3 leading-snug">
          A price changed just before you paid: the page showed <Money cents={intent.shownCents} />.
        </p>
      )}
      <div className="mt-4 -ml-2 flex flex-wrap justify-between gap-2">
        <Link
          to="/purchases/$receiptId"
          params={{ receiptId: `order-${order.orderId}` }}
          className={buttonLook("quiet")}
        >
          Receipt
        </Link>
        <Link to="/purchases" className={buttonLook("quiet")}>
          Your purchases
        </Link>
        <Button look="quiet" onClick={onDismiss} className="-mr-2">
          Done
        </Button>
      </div>
    </section>
  );
}

interface OrderReceiptProps {
  readonly intent: OrderIntent;
  readonly placed: Placed;
  readonly onDismiss: () => void;
}
