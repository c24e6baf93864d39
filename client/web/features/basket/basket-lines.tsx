import { useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Written } from "../../components/written.tsx";
import { type BasketLine, quantityOf, withLineAt, withoutProduct, withQuantity } from "./basket.ts";
import { BasketLineRow } from "./basket-line-row.tsx";
import type { LineState } from "./line-states.ts";
import { basketStore, useBasket } from "./use-basket.ts";

/** The lines of the basket. What was removed last can be put back. */
export function BasketLines({ states, disabled }: { states: readonly LineState[]; disabled: boolean }) {
  const basket = useBasket();
  const [removed, setRemoved] = useState<Removed>();
  const top = useRef<HTMLDivElement>(null);
  const isGone = removed !== undefined && quantityOf(basket, removed.line.productId) === 0;

  const remove = (line: BasketLine) => {
    setRemoved({ line, index: basket.lines.findIndex(({ productId }) => productId === line.productId) });
    basketStore.change((before) => withoutProduct(before, line.productId));
    // The button that was pressed is gone: who pressed it by keyboard goes on at the words that say so.
    top.current?.focus();
  };
  return (
    <div>
      <div ref={top} tabIndex={-1} role="status" className="outline-offset-4">
        {isGone && (
          <p className="mb-4 flex animate-rise flex-wrap items-center justify-between gap-x-4 rounded-md bg-sunken px-4 py-1.5">
            <span className="min-w-0">
              <Written>{removed.line.name}</Written> was removed.
            </span>
            <Button
              look="quiet"
              disabled={disabled}
              onClick={() => basketStore.change((before) => withLineAt(before, removed.line, removed.index))}
            >
              Undo
            </Button>
          </p>
        )}
      </div>
      {states.length > 0 && (
        <ul aria-label="Basket" className="border-t-2 border-ink">
          {states.map((state) => (
            <BasketLineRow
              key={state.line.productId}
              state={state}
              disabled={disabled}
              onQuantity={(quantity) =>
                basketStore.change((before) => withQuantity(before, state.line.productId, quantity))
              }
              onRemove={() => remove(state.line)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface Removed {
  readonly line: BasketLine;
  readonly index: number;
}
