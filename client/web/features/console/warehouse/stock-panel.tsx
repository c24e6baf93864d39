import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useDeferredValue, useState } from "react";
import type { Stock } from "../../../../../shared/warehouse.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { stockQuery } from "../console-queries.ts";
import { Found, Panel } from "../panel.tsx";
import { ShareBar } from "../share-bar.tsx";
import { countWords } from "../time-words.ts";

/** What lies in the warehouse, and how much of it is sold and not dispatched yet. */
export function StockPanel({ renderLink }: { renderLink: (productId: number, name: string) => ReactNode }) {
  const [search, setSearch] = useState("");
  const query = useInfiniteQuery(stockQuery(useDeferredValue(search.trim())));
  return (
    <Panel
      title="Stock"
      aside={
        <search>
          <input
            type="search"
            aria-label="Search the stock"
            placeholder="Search"
            autoComplete="off"
            maxLength={SEARCH_LENGTH_MAX}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="min-h-10 w-44 rounded-md border border-edge bg-surface px-3 text-ink placeholder:text-muted"
          />
        </search>
      }
    >
      <Found query={query} what="the stock" skeleton="h-72">
        {({ pages }) => {
          const stock = pages.flatMap(({ items }) => items);
          if (stock.length === 0)
            return <p className="rounded-md bg-sunken px-4 py-8 text-center text-muted">No product found.</p>;
          const most = Math.max(...stock.map(({ stockQuantity }) => stockQuantity));
          return (
            <>
              <Legend />
              <table aria-label="Stock" className="w-full text-left">
                <thead className="text-sm text-muted">
                  <tr className="border-b-2 border-ink">
                    <th scope="col" className="py-2 pr-3 font-semibold">
                      Product
                    </th>
                    <th scope="col" className="py-2 pr-3 text-right font-semibold">
                      On hand
                    </th>
                    <th scope="col" className="hidden py-2 pr-3 text-right font-semibold sm:table-cell">
                      Sellable
                    </th>
                    <th scope="col" className="py-2 text-right font-semibold">
                      To dispatch
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {stock.map((product) => (
                    <StockRow key={product.productId} product={product} most={most} renderLink={renderLink} />
                  ))}
                </tbody>
              </table>
              <LoadMore query={query} />
            </>
          );
        }}
      </Found>
    </Panel>
  );
}

function Legend() {
  return (
    <p aria-hidden="true" className="mb-1 flex gap-x-5 text-sm text-muted">
      <span className="flex items-center gap-x-2">
        <span className="size-3 rounded-xs bg-ink" />
        can be sold
      </span>
      <span className="flex items-center gap-x-2">
        <span className="size-3 rounded-xs bg-flag ring-1 ring-edge" />
        sold, to be dispatched
      </span>
    </p>
  );
}

function StockRow({ product, most, renderLink }: StockRowProps) {
  const { productId, name, stockQuantity, sellable, awaitingDispatch } = product;
  return (
    <tr className="relative border-b border-line align-top hover:bg-paper">
      <th scope="row" className="py-2.5 pr-3 font-normal">
        <span className="font-semibold wrap-anywhere">{renderLink(productId, name)}</span>
        <ShareBar
          total={most}
          className="mt-1.5 h-2"
          parts={[
            { name: "sellable", count: Math.min(sellable, stockQuantity), fill: "fill-ink" },
            { name: "awaiting", count: awaitingDispatch, fill: "fill-flag" },
          ]}
        />
      </th>
      <td className="figures py-2.5 pr-3 text-right font-semibold">{countWords(stockQuantity)}</td>
      <td className="figures hidden py-2.5 pr-3 text-right sm:table-cell">{countWords(sellable)}</td>
      <td className={`figures py-2.5 text-right ${awaitingDispatch > 0 ? "font-semibold" : "text-muted"}`}>
        {countWords(awaitingDispatch)}
      </td>
    </tr>
  );
}

/** What the shop takes. */
const SEARCH_LENGTH_MAX = 200;

interface StockRowProps {
  readonly product: Stock;
  /** Of the product that most lies there of: the whole bar. */
  readonly most: number;
  readonly renderLink: (productId: number, name: string) => ReactNode;
}
