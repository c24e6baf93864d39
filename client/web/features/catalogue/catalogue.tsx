import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Product } from "../../../../shared/products.ts";
import { catalogueQuery } from "../../app/queries.ts";
import { Button } from "../../components/button.tsx";
import { ClosedDoor, LoadFailure } from "../../components/load-failure.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { CatalogueSkeleton } from "./catalogue-skeleton.tsx";
import { FamilyCard } from "./family-card.tsx";

/** The products that hold these words; all where there are none. `renderAction` makes what stands under each. */
export function Catalogue({ search, onShowAll, renderAction }: CatalogueProps) {
  const query = useInfiniteQuery(catalogueQuery(search));
  if (query.isPending) return <CatalogueSkeleton />;
  if (query.isError && !query.data)
    return <LoadFailure what="The catalogue" error={query.error} onRetry={() => void query.refetch()} />;
  const products = query.data.pages.flatMap(({ items }) => items);
  const cards = [...Map.groupBy(products, (product) => product.family?.id ?? product).values()];
  return (
    <>
      <p role="status" className="sr-only">
        {query.isPlaceholderData ? "" : foundWords(cards.length, { search, isMore: query.hasNextPage })}
      </p>
      {products.length === 0 ? (
        <Nothing search={search} onShowAll={onShowAll} />
      ) : (
        <>
          <ul
            aria-label="Products"
            aria-busy={query.isPlaceholderData || undefined}
            className="grid grid-cols-2 gap-x-4 gap-y-8 transition-opacity aria-busy:opacity-55 sm:gap-x-7 sm:gap-y-10 md:grid-cols-3 xl:grid-cols-4"
          >
            {cards.map((found, index) => (
              <li key={found[0]?.id}>
                <FamilyCard found={found} isFirst={index < FIRST_COUNT} renderAction={renderAction} />
              </li>
            ))}
          </ul>
          <LoadMore query={query} />
        </>
      )}
    </>
  );
}

function Nothing({ search, onShowAll }: { search: string; onShowAll: () => void }) {
  return (
    <div className="py-12 text-center">
      <ClosedDoor />
      <h2 className="poster mt-8 text-4xl break-words uppercase">
        {search === "" ? "The shelves are empty" : `Nothing matches “${search}”`}
      </h2>
      <p className="mx-auto mt-4 mb-7 max-w-[40ch] text-lg text-muted">
        {search === ""
          ? "There is nothing in the catalogue yet. The sale may have something for you."
          : "Try fewer words, or the beginning of one."}
      </p>
      {search !== "" && <Button onClick={onShowAll}>Show everything</Button>}
    </div>
  );
}

function foundWords(count: number, { search, isMore }: { search: string; isMore: boolean }): string {
  const what = search === "" ? "shown" : `found for “${search}”`;
  if (count === 0) return `No products ${what}`;
  return `${isMore ? "The first " : ""}${count} ${count === 1 ? "product" : "products"} ${what}`;
}

/** As many as a wide screen shows without scrolling. */
const FIRST_COUNT = 4;

interface CatalogueProps {
  readonly search: string;
  readonly onShowAll: () => void;
  readonly renderAction: (product: Product) => ReactNode;
}
