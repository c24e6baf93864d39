import { useInfiniteQuery } from "@tanstack/react-query";
import type { ProductEvent } from "../../../../../shared/products.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { When } from "../../../components/when.tsx";
import { Found } from "../panel.tsx";
import { changeLines, eventWords } from "./event-words.ts";
import { productHistoryQuery } from "./products-queries.ts";

/** What happened to a product and its units: who, when, what, before and after. */
export function ProductHistory({ productId }: { productId: number }) {
  const query = useInfiniteQuery(productHistoryQuery(productId));
  return (
    <section aria-label="History">
      <h3 className="mb-2 text-lg font-bold narrow">History</h3>
      <Found query={query} what="its history" skeleton="h-40">
        {({ pages }) => (
          <>
            <ul aria-label="What happened" className="border-t border-line">
              {pages
                .flatMap(({ items }) => items)
                .map((event) => (
                  <EventRow key={`${event.kind}-${event.at}-${eventWords(event)}`} event={event} />
                ))}
            </ul>
            <LoadMore query={query} />
          </>
        )}
      </Found>
    </section>
  );
}

function EventRow({ event }: { event: ProductEvent }) {
  return (
    <li className="border-b border-line py-2">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="font-semibold wrap-anywhere">{eventWords(event)}</span>
        <span className="text-sm text-muted">
          <When at={event.at} withYear />
        </span>
      </p>
      <ul className="text-sm wrap-anywhere">
        {changeLines(event).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="text-sm wrap-anywhere text-muted">{event.actor?.name ?? "The shop itself"}</p>
    </li>
  );
}
