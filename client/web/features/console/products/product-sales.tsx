import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { LoadMore } from "../../../components/load-more.tsx";
import { Money } from "../../../components/money.tsx";
import { When } from "../../../components/when.tsx";
import { Found } from "../panel.tsx";
import { COUNT } from "./products-panel.tsx";
import { productSalesQuery } from "./products-queries.ts";

/** The sales that have a product, newest start first. */
export function ProductSales({ productId, renderSale }: ProductSalesProps) {
  const query = useInfiniteQuery(productSalesQuery(productId));
  return (
    <section aria-label="Sales">
      <h3 className="mb-2 text-lg font-bold narrow">Sales</h3>
      <Found query={query} what="its sales" skeleton="h-20">
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0) return <p className="text-muted">It was in no sale yet.</p>;
          return (
            <>
              <ul aria-label="Sales with it" className="border-t border-line">
                {rows.map((row) => (
                  <li key={row.itemId} className="border-b border-line py-2">
                    <p className="flex flex-wrap justify-between gap-x-4 font-semibold">
                      <span className="wrap-anywhere">{renderSale(row.saleId, row.saleName)}</span>
                      <Money cents={row.priceCents} />
                    </p>
                    <p className="text-sm text-muted">
                      {row.status}, from <When at={row.startsAt} withYear />: {COUNT.format(row.remaining)} of{" "}
                      {COUNT.format(row.allotted)} units left
                    </p>
                  </li>
                ))}
              </ul>
              <LoadMore query={query} />
            </>
          );
        }}
      </Found>
    </section>
  );
}

interface ProductSalesProps {
  readonly productId: number;
  /** A way to a sale. */
  readonly renderSale: (saleId: number, words: string) => ReactNode;
}
