import { useRef } from "react";
import { Button } from "../../components/button.tsx";
import { Money } from "../../components/money.tsx";
import { OfferLink } from "../../components/offer-link.tsx";
import { QuantityField } from "../../components/quantity-field.tsx";
import { Thumbnail } from "../../components/thumbnail.tsx";
import { Written } from "../../components/written.tsx";
import { QUANTITY_MAX } from "./basket.ts";
import type { LineState } from "./line-states.ts";
import { shortageWords } from "./shortage-words.ts";

/** One line: what it is, how many, what it costs, and what stands in its way. */
export function BasketLineRow({ state, disabled, onQuantity, onRemove }: BasketLineRowProps) {
  const { line, priceCents, priceBeforeCents, available, onSale } = state;
  const row = useRef<HTMLLIElement>(null);
  const isGone = state.state === "gone";
  const shortage = shortageWords(state);
  const isMendable = available > 0 && available < line.quantity;
  return (
    <li ref={row} tabIndex={-1} aria-label={line.name} className="flex gap-x-4 border-b border-line py-5 sm:gap-x-5">
      <Thumbnail imageUrl={line.imageUrl} isFaded={isGone} />
      <div className="flex min-w-0 grow flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 grow basis-48">
          <h2 className={`text-xl leading-tight font-bold narrow ${isGone ? "text-muted" : ""}`}>
            <Written>{line.name}</Written>
          </h2>
          {!isGone && (
            <p className="mt-1 text-muted">
              <Money cents={priceCents} /> each
              {priceBeforeCents !== undefined && (
                <>
                  , was{" "}
                  <s>
                    <Money cents={priceBeforeCents} />
                  </s>
                </>
              )}
            </p>
          )}
          {onSale && (
            <p className="mt-1">
              <OfferLink offer={onSale} name={line.name} />
            </p>
          )}
          {shortage !== null && (
            <p className="mt-2 flex flex-wrap items-center gap-x-3 font-medium text-hot">
              {shortage}
              {isMendable && (
                <Button
                  look="quiet"
                  disabled={disabled}
                  onClick={() => {
                    onQuantity(available);
                    row.current?.focus();
                  }}
                >
                  Set to {available}
                </Button>
              )}
            </p>
          )}
        </div>
        <div className="flex grow flex-wrap items-center justify-between gap-x-4 gap-y-1 sm:grow-0">
          {isGone ? (
            <span />
          ) : (
            <QuantityField
              name={line.name}
              quantity={line.quantity}
              max={QUANTITY_MAX}
              disabled={disabled}
              onChange={onQuantity}
            />
          )}
          <div className="ml-auto min-w-24 text-right">
            {!isGone && (
              <p className="text-xl font-bold narrow">
                <Money cents={priceCents * line.quantity} />
              </p>
            )}
            <Button look="quiet" disabled={disabled} onClick={onRemove} className="-mr-2 text-[0.95rem]">
              Remove<span className="sr-only"> {line.name}</span>
            </Button>
          </div>
        </div>
      </div>
    </li>
  );
}

interface BasketLineRowProps {
  readonly state: LineState;
  readonly disabled: boolean;
  readonly onQuantity: (quantity: number) => void;
  readonly onRemove: () => void;
}
