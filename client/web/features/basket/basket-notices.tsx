import { Button } from "../../components/button.tsx";
import { Money } from "../../components/money.tsx";
import { Notice } from "../../components/notice.tsx";
import { Written } from "../../components/written.tsx";
import { withoutProduct, withPrices } from "./basket.ts";
import type { LineState } from "./line-states.ts";
import { basketStore } from "./use-basket.ts";

/** What has changed since the buyer filled the basket: products that are gone, prices that are others. */
export function BasketNotices({ states, disabled, onMended }: BasketNoticesProps) {
  const gone = states.filter(({ state }) => state === "gone");
  const repriced = states.filter(({ priceBeforeCents }) => priceBeforeCents !== undefined);
  const mend = (change: () => void) => {
    change();
    onMended();
  };
  return (
    <div className="mb-6 grid gap-3 empty:hidden">
      {gone.length > 0 && (
        <Notice
          tone="bad"
          title={gone.length === 1 ? "A product is no longer for sale" : "Some products are no longer for sale"}
          actions={
            <Button look="plain" disabled={disabled} onClick={() => mend(() => removeAll(gone))}>
              Remove {gone.length === 1 ? "it" : "them"}
            </Button>
          }
        >
          <Written>{LIST.format(gone.map(({ line }) => line.name))}</Written>
        </Notice>
      )}
      {repriced.length > 0 && (
        <Notice
          tone="plain"
          title={repriced.length === 1 ? "A price has changed" : "Some prices have changed"}
          actions={
            <Button look="plain" disabled={disabled} onClick={() => mend(() => acceptPrices(repriced))}>
              All right
            </Button>
          }
        >
          <ul>
            {repriced.map(({ line, priceBeforeCents = 0, priceCents }) => (
              <li key={line.productId}>
                <Written>{line.name}</Written>: <Money cents={priceBeforeCents} /> before, <Money cents={priceCents} />{" "}
                now
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}

interface BasketNoticesProps {
  readonly states: readonly LineState[];
  readonly disabled: boolean;
  /** A button of these was pressed and is gone. */
  readonly onMended: () => void;
}

function removeAll(states: readonly LineState[]): void {
  basketStore.change((basket) => states.reduce((rest, { line }) => withoutProduct(rest, line.productId), basket));
}

function acceptPrices(states: readonly LineState[]): void {
  const products = states.map(({ line, priceCents }) => ({ ...line, id: line.productId, priceCents }));
  basketStore.change((basket) => withPrices(basket, products));
}

const LIST = new Intl.ListFormat("en");
