import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { InventoryUpdate } from "../../../../../shared/warehouse.ts";
import { Button } from "../../../components/button.tsx";
import { LoadMore } from "../../../components/load-more.tsx";
import { When } from "../../../components/when.tsx";
import { Written } from "../../../components/written.tsx";
import { Ago } from "../ago.tsx";
import { stockHistoryQuery } from "../console-queries.ts";
import { Found, Panel } from "../panel.tsx";
import { countWords } from "../time-words.ts";

/** Every change of what lies in the warehouse, newest first: what was there, what changed, what is there since. */
export function HistoryPanel({ productId, onShowAll, renderTask }: HistoryProps) {
  const query = useInfiniteQuery(stockHistoryQuery(productId));
  const ofProduct = query.data?.pages[0]?.items.find((update) => update.productId === productId);
  return (
    <Panel
      title={ofProduct ? `History of ${ofProduct.productName}` : "History"}
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
                  <UpdateRow key={update.id} update={update} renderTask={renderTask} />
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

function UpdateRow({ update, renderTask }: UpdateRowProps) {
  const { productName, previousStock, quantityChange, newStock, reference, idempotencyKey, updatedAt } = update;
  return (
    <li className="py-2.5">
      <p className="flex items-baseline justify-between gap-x-4">
        <span className="min-w-0 font-semibold">
          <Written>{productName}</Written>
        </span>
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

const SIGNED = new Intl.NumberFormat("en", { signDisplay: "exceptZero" });

interface UpdateRowProps {
  readonly update: InventoryUpdate;
  readonly renderTask: HistoryProps["renderTask"];
}

interface HistoryProps {
  /** Undefined for all. */
  readonly productId: number | undefined;
  readonly onShowAll: () => void;
  /** A way to the task that made the change. */
  readonly renderTask: (taskId: string, words: string) => ReactNode;
}
