import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Purchased } from "../../../../shared/purchases.ts";
import { purchaseQuery } from "../../app/queries.ts";
import { Button, buttonLook } from "../../components/button.tsx";
import { Money } from "../../components/money.tsx";
import { When } from "../../components/when.tsx";
import { Written } from "../../components/written.tsx";

/**
 * The purchase, on paper: the buyer's place in the queue, when it was, what was paid, what is left in the wallet. The answer
 * to a purchase knows of no time: the purchase is read, which its receipt at an address of its own then has at once.
 */
export function Receipt({ itemName, currency, purchase, onDismiss }: ReceiptProps) {
  const place = PLACE.format(purchase.position);
  const purchasedAt = useQuery(purchaseQuery(purchase.purchaseId)).data?.purchasedAt;
  return (
    <section
      aria-label={`Receipt for ${itemName}`}
      className="relative mt-1 animate-rise overflow-hidden rounded-md bg-surface px-5 pt-5 pb-4 shadow-[0_1px_0_var(--color-line),0_12px_32px_-16px_rgb(0_0_0/0.35)] ring-1 ring-line"
    >
      <Stamp place={place} />
      <p className="pr-28">
        <strong className="poster block text-3xl uppercase">It’s yours</strong>
        <span className="mt-1.5 block leading-snug font-semibold">
          <Written>{itemName}</Written>
        </span>
        <span className="mt-1 block font-medium">You were buyer number {place}</span>
      </p>
      <dl className="figures mt-4 grid grid-cols-[1fr_auto] gap-y-1.5 border-t-2 border-dashed border-line pt-3.5 text-[0.95rem]">
        <dt className="text-muted">Date and time</dt>
        <dd className="text-right font-semibold">{purchasedAt === undefined ? "…" : <When at={purchasedAt} />}</dd>
        <dt className="text-muted">{purchase.quantity > 1 ? `Paid for ${purchase.quantity}` : "Paid"}</dt>
        <dd className="text-right font-semibold">
          <Money cents={purchase.amountCents} currency={currency} />
        </dd>
        <dt className="text-muted">Balance after</dt>
        <dd className="text-right font-semibold">
          <Money cents={purchase.balanceCents} currency={currency} />
        </dd>
      </dl>
      <p className="mt-3 border-t-2 border-dashed border-line pt-3 text-xs leading-normal break-all text-muted">
        Purchase {purchase.purchaseId}
      </p>
      <div className="mt-2 -ml-2 flex flex-wrap justify-between gap-2">
        <Link to="/purchases/$receiptId" params={{ receiptId: purchase.purchaseId }} className={buttonLook("quiet")}>
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

const PLACE = new Intl.NumberFormat("en");

/** Comes down on the receipt as a rubber stamp does. */
function Stamp({ place }: { place: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 120 120"
      className="absolute top-3 right-3 size-24 -rotate-12 animate-stamp text-good"
    >
      <g fill="none" stroke="currentColor">
        <circle cx="60" cy="60" r="55" strokeWidth="4" />
        <circle cx="60" cy="60" r="46" strokeWidth="1.5" />
      </g>
      <g fill="currentColor" textAnchor="middle">
        <text x="60" y="40" className="narrow text-[13px] font-bold uppercase">
          Sold to
        </text>
        <text
          x="60"
          y="77"
          className="poster text-[38px]"
          textLength={place.length > 4 ? 76 : undefined}
          lengthAdjust="spacingAndGlyphs"
        >
          {place}
        </text>
        <text x="60" y="94" className="narrow text-[11px] font-bold uppercase">
          Doorbuster
        </text>
      </g>
    </svg>
  );
}

interface ReceiptProps {
  readonly itemName: string;
  readonly currency: string;
  readonly purchase: Purchased;
  readonly onDismiss: () => void;
}
