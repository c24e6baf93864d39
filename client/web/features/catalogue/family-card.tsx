import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Product } from "../../../../shared/products.ts";
import { firstChoice } from "../../app/families.ts";
import { productsQuery } from "../../app/queries.ts";
import { VariantChoice } from "../../components/variant-choice.tsx";
import { ProductCard } from "./product-card.tsx";

/**
 * One card for all sizes and colours of a thing: what is chosen is the product that it shows and sells. One that has no other
 * has nothing to choose from.
 */
export function FamilyCard({ found, isFirst, renderAction }: FamilyCardProps) {
  const [chosenId, setChosenId] = useState<number>();
  const all = useWholeFamily(found);
  const chosen = all.find(({ id }) => id === chosenId) ?? firstChoice(found.map(variantOf));
  if (!chosen) return null;
  const { product } = chosen;
  if (!product.family || all.length === 1) {
    return (
      <ProductCard product={product} isFirst={isFirst}>
        {renderAction(product)}
      </ProductCard>
    );
  }
  const { name } = product.family;
  const choice = <VariantChoice name={name} variants={all} chosen={chosen} onChoose={({ id }) => setChosenId(id)} />;
  return (
    <ProductCard product={product} name={name} choice={choice} isFirst={isFirst}>
      {renderAction(product)}
    </ProductCard>
  );
}

/** What the list found of it, and what else there is of it, which the list may have on another page or not at all. */
function useWholeFamily(found: readonly Product[]) {
  const others = (found[0]?.family?.productIds ?? []).filter((each) => found.every(({ id }) => id !== each));
  const { data } = useQuery({ ...productsQuery(others), enabled: others.length > 0 });
  const rest = others.length > 0 ? (data?.items ?? []).filter(({ id }) => others.includes(id)) : [];
  return [...found, ...rest].map(variantOf);
}

function variantOf(product: Product) {
  const { id, units, family } = product;
  return { id, isThere: units > 0, ...(family && { family }), product };
}

interface FamilyCardProps {
  /** The products of one family that were found, or one product that has none. */
  readonly found: readonly Product[];
  readonly isFirst: boolean;
  readonly renderAction: (product: Product) => ReactNode;
}
