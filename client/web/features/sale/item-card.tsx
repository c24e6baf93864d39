import type { ReactNode } from "react";
import type { Item } from "../../../../shared/sales.ts";
import { cn } from "../../components/cn.ts";
import { ItemPicture } from "../../components/item-picture.tsx";
import { Money } from "../../components/money.tsx";
import { StockBar } from "./stock-bar.tsx";

/** One offer of the sale. What the buyer can do with it is the children's business. */
export function ItemCard({ item, currency, isFirst, isWide, isOver, children }: ItemCardProps) {
  const headingId = `item-name-${item.id}`;
  // What was left of a sale that is over went back to the inventory: nothing says that it was sold.
  const isGone = !isOver && item.remaining <= 0;
  return (
    <article
      id={`item-${item.id}`}
      aria-labelledby={headingId}
      tabIndex={-1}
      className={cn(
        "group flex scroll-mt-24 flex-col rounded-xl outline-offset-8",
        isWide && "lg:col-span-2 lg:grid lg:grid-cols-[1.3fr_1fr] lg:gap-x-8",
      )}
    >
      <div className={cn("relative overflow-hidden rounded-xl bg-sunken", isWide && "lg:aspect-10/11")}>
        <ItemPicture name={item.name} imageUrl={item.imageUrl} isFirst={isFirst} isTall={isWide} isGone={isGone} />
        {isGone && (
          <span
            aria-hidden="true"
            className="poster absolute inset-0 m-auto h-fit w-fit -rotate-6 rounded-md bg-flag px-5 py-3 text-4xl text-flag-ink uppercase"
          >
            Sold out
          </span>
        )}
        <p className="shelf-label poster absolute bottom-0 left-0 py-2.5 pr-4 pl-5 text-[2rem]">
          <span className="sr-only">Price </span>
          <Money cents={item.priceCents} currency={currency} />
        </p>
      </div>
      <div className={cn("flex grow flex-col pt-4", isWide && "lg:justify-center lg:pt-0")}>
        <h2
          id={headingId}
          className={cn(
            "font-bold narrow",
            isWide ? "text-2xl lg:text-4xl lg:leading-tight" : "text-2xl leading-tight",
          )}
        >
          {item.name}
        </h2>
        {item.description !== "" && (
          <p className={cn("mt-1.5 leading-normal text-muted", isWide ? "lg:mt-4 lg:text-lg" : "min-h-[3em]")}>
            {item.description}
          </p>
        )}
        <div className={cn("pt-4", isWide ? "lg:pt-8" : "mt-auto")}>
          {!isOver && (
            <StockBar name={item.name} remaining={item.remaining} allotted={item.allotted}>
              {item.limitPerCustomer !== null && <>Limit: {item.limitPerCustomer} per customer</>}
            </StockBar>
          )}
          <div className="mt-4">{children}</div>
        </div>
      </div>
    </article>
  );
}

interface ItemCardProps {
  readonly item: Item;
  readonly currency: string;
  readonly isFirst: boolean;
  /** Takes two columns, with the picture beside the words. */
  readonly isWide: boolean;
  /** Whether the sale has ended or was cancelled. */
  readonly isOver: boolean;
  readonly children: ReactNode;
}
