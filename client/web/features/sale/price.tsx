import type { Item } from "../../../../shared/sales.ts";
import { Money } from "../../components/money.tsx";

/** The price on its shelf label; beside it the catalogue's, where that is higher. */
export function Price({ item, currency }: PriceProps) {
  const { priceCents, cataloguePriceCents } = item;
  return (
    <span className="shelf-label poster flex flex-wrap items-baseline gap-x-2.5 py-1.5 pr-3 pl-4 text-xl roomy:py-2.5 roomy:pr-4 roomy:pl-5 roomy:text-[2rem]">
      <span>
        <span className="sr-only">Price </span>
        <Money cents={priceCents} currency={currency} />
      </span>
      {cataloguePriceCents !== undefined && cataloguePriceCents > priceCents && (
        <span className="text-[0.7em]">
          <span className="sr-only">instead of </span>
          <s>
            <Money cents={cataloguePriceCents} currency={currency} />
          </s>
        </span>
      )}
    </span>
  );
}

interface PriceProps {
  readonly item: Pick<Item, "priceCents" | "cataloguePriceCents">;
  readonly currency: string;
}
