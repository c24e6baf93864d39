import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { InventoryUpdate, Stock } from "../../../../../shared/warehouse.ts";
import { Button } from "../../../components/button.tsx";
import { LoadMore } from "../../../components/load-more.tsx";
import { When } from "../../../components/when.tsx";
import { Ago } from "../ago.tsx";
import { stockHistoryQuery, stockQuery } from "../console-queries.ts";
import { Found, Panel } from "../panel.tsx";
import { countWords } from "../time-words.ts";

/** Every change of what lies in the warehouse, newest first: what was there, what changed, what is there since. */
export function HistoryPanel({ productId, onShowAll, renderTask }: HistoryProps) {
  const query = useInfiniteQuery(stockHistoryQuery(productId));
  const nameOf = useProductNames();
  return (
    <Panel
      title={productId === undefined ? "History" : `History of ${nameOf(productId)}`}
      aside={
        productId !== undefined && (
          <Button look="quiet" onClick={onShowAll}>
            Show all products
          </Button>
        )
      }
    >
      <Found query={query} what="the history" skeleton="h-72">
        {({ pages }) => {
          const updates = pages.flatMap(({ items }) => items);
          if (updates.length === 0)
            return <p className="rounded-md bg-sunken px-4 py-8 text-center text-muted">Nothing has moved yet.</p>;
          return (
            <>
              <ol
                aria-label="Changes of the stock"
                aria-busy={query.isPlaceholderData || undefined}
                className="divide-y divide-line border-t-2 border-ink transition-opacity aria-busy:opacity-55"
              >
                {updates.map((update) => (
                  <UpdateRow key={update.id} update={update} name={nameOf(update.productId)} renderTask={renderTask} />
                ))}
              </ol>
              <LoadMore query={query} />
            </>
          );
        }}
      </Found>
    </Panel>
  );
}

function UpdateRow({ update, name, renderTask }: UpdateRowProps) {
  const { previousStock, quantityChange, newStock, reference, idempotencyKey, updatedAt } = update;
  return (
    <li className="py-2.5">
      <p className="flex items-baseline justify-between gap-x-4">
        <span className="min-w-0 font-semibold wrap-anywhere">{name}</span>
        <span className="figures whitespace-nowrap">
          {countWords(previousStock)}{" "}
          <span className={`font-bold ${quantityChange < 0 ? "text-hot" : "text-good"}`}>
            {SIGNED.format(quantityChange)}
          </span>{" "}
          <span className="sr-only">makes </span>
          <span aria-hidden="true">→</span> <span className="font-semibold">{countWords(newStock)}</span>
        </span>
      </p>
      <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm text-muted">
        <span className="min-w-0 wrap-anywhere">{renderTask(idempotencyKey, reference)}</span>
        <span>
          <When at={updatedAt} /> · <Ago at={updatedAt} />
        </span>
      </p>
    </li>
  );
}

/** The history knows products by their numbers; the stock beside it has the names of most. */
function useProductNames(): (productId: number) => string {
  const queryClient = useQueryClient();
  // Observed, so that names appear when the stock does; its own panel asks for it.
  useQuery({ queryKey: stockQuery("").queryKey, enabled: false });
  return (productId) => {
    for (const [, list] of queryClient.getQueriesData<StockPages>({ queryKey: [["warehouse", "stock"]] })) {
      const found = list?.pages.flatMap(({ items }) => items).find((product) => product.productId === productId);
      if (found) return found.name;
    }
    return `Product ${productId}`;
  };
}

const SIGNED = new Intl.NumberFormat("en", { signDisplay: "exceptZero" });

interface StockPages {
  readonly pages: readonly { readonly items: readonly Stock[] }[];
}

interface UpdateRowProps {
  readonly update: InventoryUpdate;
  readonly name: string;
  readonly renderTask: HistoryProps["renderTask"];
}

interface HistoryProps {
  /** Undefined for all. */
  readonly productId: number | undefined;
  readonly onShowAll: () => void;
  /** A way to the task that made the change. */
  readonly renderTask: (taskId: string, words: string) => ReactNode;
}
