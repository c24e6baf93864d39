import { Link } from "@tanstack/react-router";
import type { Product } from "../../../shared/products.ts";
import { Money } from "./money.tsx";

/** The way to the live sale in which a product costs less. */
export function OfferLink({ offer, name, currency }: OfferLinkProps) {
  return (
    <Link
      to="/sales/$saleId"
      params={{ saleId: String(offer.saleId) }}
      hash={`item-${offer.itemId}`}
      className="font-semibold underline decoration-flag decoration-3 underline-offset-4"
    >
      On sale now for <Money cents={offer.priceCents} {...(currency !== undefined && { currency })} />
      <span className="sr-only">: {name}</span>
    </Link>
  );
}

interface OfferLinkProps {
  readonly offer: NonNullable<Product["onSale"]>;
  /** Of the product, for those who hear it. */
  readonly name: string;
  readonly currency?: string;
}
