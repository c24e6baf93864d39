import type { ReactNode } from "react";
import type { Item } from "../../../../shared/sales.ts";
import { cn } from "../../components/cn.ts";
import { ItemPicture } from "../../components/item-picture.tsx";
import { limitWords } from "./limit-words.ts";
import { Price } from "./price.tsx";
import { StockBar } from "./stock-bar.tsx";

/**
 * One offer of the sale. What the buyer can do with it is the children's business. It lies on five rows of the grid that
 * it stands in: name, price, description, stock and button, on a phone with the picture beside the first two; elsewhere
 * the picture has a row of its own, and the price hangs on it. On a phone held sideways the description stands last.
 */
export function ItemCard({ item, saleLimit, currency, isFirst, isWide, isOver, children }: ItemCardProps) {
  const headingId = `item-name-${item.id}`;
  // What was left of a sale that is over went back to the inventory: nothing says that it was sold.
  const isGone = !isOver && item.remaining <= 0;
  return (
    <article
      id={`item-${item.id}`}
      aria-labelledby={headingId}
      tabIndex={-1}
      className={cn(
        "group row-span-5 mb-9 grid scroll-mt-24 grid-cols-[8rem_minmax(0,1fr)] flat:grid-cols-[6rem_minmax(0,1fr)] grid-rows-subgrid gap-x-4 rounded-xl outline-offset-8 roomy:mb-14 roomy:grid-cols-1",
        isWide && "roomy:lg:col-span-2 roomy:lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)] roomy:lg:gap-x-8",
      )}
    >
      <div
        className={cn(
          "relative col-start-1 row-start-1 row-end-3 aspect-4/3 self-start overflow-hidden rounded-xl bg-sunken roomy:row-end-2 roomy:low:aspect-video",
          isWide && "roomy:lg:row-end-6 roomy:lg:aspect-auto! roomy:lg:min-h-96 roomy:lg:self-stretch",
        )}
      >
        <ItemPicture name={item.name} imageUrl={item.imageUrl} isFirst={isFirst} isGone={isGone} />
        {isGone && (
          <span
            aria-hidden="true"
            className="poster absolute inset-0 m-auto h-fit w-fit -rotate-6 rounded-md bg-flag px-3 py-1.5 text-xl text-flag-ink uppercase roomy:px-5 roomy:py-3 roomy:text-4xl"
          >
            Sold out
          </span>
        )}
      </div>
      <h2
        id={headingId}
        dir="auto"
        className={cn(
          "col-start-2 row-start-1 text-left text-xl leading-tight font-bold narrow wrap-anywhere hyphens-auto roomy:col-start-1 roomy:row-start-2 roomy:pt-4 roomy:text-2xl",
          isWide && IN_WIDE_WORDS,
          isWide && "roomy:lg:row-start-1 roomy:lg:row-end-3 roomy:lg:self-end roomy:lg:pt-0 roomy:lg:text-4xl",
        )}
      >
        {item.name}
      </h2>
      <p
        className={cn(
          "relative col-start-2 row-start-2 max-w-full self-end justify-self-start roomy:col-start-1 roomy:row-start-1",
          isWide && "roomy:lg:row-end-6",
        )}
      >
        <Price item={item} currency={currency} />
      </p>
      {item.description !== "" && (
        <p
          dir="auto"
          className={cn(
            "col-span-full row-start-3 pt-2 text-left leading-snug text-muted flat:row-start-5 wrap-anywhere hyphens-auto roomy:leading-normal",
            isWide && IN_WIDE_WORDS,
            isWide && "roomy:lg:pt-3 roomy:lg:text-lg",
          )}
        >
          {item.description}
        </p>
      )}
      <div
        className={cn(
          "col-span-full row-start-4 pt-3 flat:row-start-3 flat:pt-1.5 roomy:pt-4",
          isWide && IN_WIDE_WORDS,
        )}
      >
        {!isOver && (
          <StockBar name={item.name} remaining={item.remaining} allotted={item.allotted}>
            {limitWords(item.limitPerCustomer, saleLimit)}
          </StockBar>
        )}
      </div>
      <div
        className={cn(
          "col-span-full row-start-5 min-w-0 pt-3 flat:row-start-4 flat:pt-1.5 roomy:pt-4",
          isWide && IN_WIDE_WORDS,
        )}
      >
        {children}
      </div>
    </article>
  );
}

/** Beside the picture of a wide card. */
const IN_WIDE_WORDS = "roomy:lg:col-start-2";

export interface ItemCardProps {
  readonly item: Item;
  /** Units that one buyer may have over all items of the sale. */
  readonly saleLimit: number | null;
  readonly currency: string;
  readonly isFirst: boolean;
  /** Takes two columns, with the picture beside the words. */
  readonly isWide: boolean;
  /** Whether the sale has ended or was cancelled. */
  readonly isOver: boolean;
  readonly children: ReactNode;
}
