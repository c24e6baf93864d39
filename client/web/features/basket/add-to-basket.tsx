import { Link } from "@tanstack/react-router";
import { Button } from "../../components/button.tsx";
import { type BasketProduct, isFull, QUANTITY_MAX, quantityOf, withProduct } from "./basket.ts";
import { basketStore, useOfBasket } from "./use-basket.ts";

/** Puts one unit into the basket, as far as there are any, and says how many are in it. */
export function AddToBasket({ product }: { product: BasketProduct & { readonly units: number } }) {
  const quantity = useOfBasket((basket) => quantityOf(basket, product.id));
  const most = Math.min(product.units, QUANTITY_MAX);
  const isAll = quantity >= most;
  const hasNoPlace = useOfBasket(isFull) && quantity === 0;
  return (
    <>
      <Button
        look={quantity === 0 ? "primary" : "plain"}
        aria-disabled={isAll || hasNoPlace || undefined}
        onClick={() => {
          if (!isAll && !hasNoPlace) basketStore.change((before) => withProduct(before, product));
        }}
        disabled={product.units <= 0}
        className="w-full max-sm:px-2 aria-disabled:cursor-default aria-disabled:bg-sunken aria-disabled:text-muted"
      >
        <span>
          {buttonWords({ quantity, units: product.units, isAll, hasNoPlace })}
          <span className="sr-only">: {product.name}</span>
        </span>
      </Button>
      <p role="status" className="mt-1.5 min-h-6 text-sm">
        {quantity > 0 && (
          <Link to="/basket" className="font-semibold underline decoration-2 underline-offset-4">
            {quantity} in your basket
          </Link>
        )}
      </p>
    </>
  );
}

function buttonWords({ quantity, units, isAll, hasNoPlace }: ButtonFacts): string {
  if (units <= 0) return "Sold out";
  if (hasNoPlace) return "Basket is full";
  if (isAll) return quantity < units ? `${QUANTITY_MAX} at most` : "That is all we have";
  return quantity === 0 ? "Add to basket" : "Add one more";
}

interface ButtonFacts {
  readonly quantity: number;
  readonly units: number;
  readonly isAll: boolean;
  readonly hasNoPlace: boolean;
}
