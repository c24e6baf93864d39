import type { ReactNode } from "react";
import type { Product } from "../../../../shared/products.ts";
import { ItemPicture } from "../../components/item-picture.tsx";
import { Money } from "../../components/money.tsx";
import { OfferLink } from "../../components/offer-link.tsx";
import { type UnitsWords, unitsWords } from "./units-words.ts";

/** One product of the catalogue. What the buyer can do with it is the children's business. */
export function ProductCard({ product, name = product.name, choice, isFirst, children }: ProductCardProps) {
  const headingId = `product-name-${product.id}`;
  const { text, level } = unitsWords(product.units);
  const isGone = level === "gone";
  return (
    <article aria-labelledby={headingId} className="group flex h-full flex-col">
      <div className="relative aspect-4/3 overflow-hidden rounded-xl bg-sunken">
        <ItemPicture name={product.name} imageUrl={product.imageUrl} isFirst={isFirst} isGone={isGone} />
        <p className="shelf-label poster absolute bottom-0 left-0 py-1.5 pr-3 pl-4 text-xl sm:py-2 sm:text-2xl">
          <span className="sr-only">Price </span>
          <Money cents={product.priceCents} currency={product.currency} />
        </p>
      </div>
      <h2
        id={headingId}
        dir="auto"
        className="pt-3 text-left text-lg leading-tight font-bold narrow wrap-anywhere hyphens-auto sm:text-xl"
      >
        {name}
      </h2>
      {product.description !== "" && (
        <p
          dir="auto"
          className="mt-1.5 line-clamp-2 text-left text-[0.95rem] leading-snug text-muted wrap-anywhere hyphens-auto max-sm:hidden"
        >
          {product.description}
        </p>
      )}
      {product.onSale && (
        <p className="mt-2 leading-snug">
          <OfferLink offer={product.onSale} name={product.name} currency={product.currency} />
        </p>
      )}
      <div className="mt-auto pt-3">
        {choice && <div className="mb-3">{choice}</div>}
        <p className={`mb-2.5 flex items-center gap-2 text-[0.95rem] font-semibold ${WORD_LOOKS[level]}`}>
          <span aria-hidden="true" className={`size-2 rounded-full ${DOT_LOOKS[level]}`} />
          {text}
        </p>
        {children}
      </div>
    </article>
  );
}

/** Words and colour together: neither is the only sign. */
const WORD_LOOKS: Record<UnitsWords["level"], string> = { plenty: "", low: "text-hot", gone: "text-muted" };
const DOT_LOOKS: Record<UnitsWords["level"], string> = {
  plenty: "bg-good",
  low: "bg-hot",
  gone: "border-2 border-edge",
};

interface ProductCardProps {
  readonly product: Product;
  /** Of the family that it stands for. */
  readonly name?: string;
  /** Where one chooses another product of the family. */
  readonly choice?: ReactNode;
  /** One of those that are seen without scrolling. */
  readonly isFirst: boolean;
  readonly children: ReactNode;
}
