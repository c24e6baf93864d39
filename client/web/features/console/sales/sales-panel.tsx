import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { SALE_STATUSES, type SaleOverview, type SaleStatus } from "../../../../../shared/sales.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { When } from "../../../components/when.tsx";
import { ChoiceField } from "../choice-field.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { Found, Panel } from "../panel.tsx";
import { SearchField } from "../search-field.tsx";
import { ShareBar } from "../share-bar.tsx";
import { countWords } from "../time-words.ts";
import { SaleState, STATES } from "./sale-state.tsx";
import { type SaleFilter, saleListQuery } from "./sales-queries.ts";

/** All sales, or those that are looked for. */
export function SalesPanel({ filter, onFilter, aside, renderLink }: SalesPanelProps) {
  const query = useInfiniteQuery(saleListQuery(filter));
  const isFiltered = filter.search !== "" || filter.status !== undefined;
  return (
    <Panel title="Sales" aside={aside}>
      <search className="mb-4 grid gap-3 sm:grid-cols-[minmax(0,1fr)_12rem]">
        <SearchField
          label="Search by name"
          value={filter.search}
          lengthMax={SEARCH_LENGTH_MAX}
          onChange={(search) => onFilter({ ...filter, search })}
        />
        <ChoiceField<SaleStatus>
          label="State"
          value={filter.status}
          options={SALE_STATUSES.map((value) => ({ value, words: STATES[value].words }))}
          onChoose={(status) => onFilter({ ...filter, status })}
        />
      </search>
      <Found query={query} what="the list of sales" skeleton="h-96">
        {({ pages }) => (
          <>
            <DataTable
              label="Sales"
              rows={pages.flatMap(({ items }) => items)}
              rowKey={({ id }) => id}
              columns={columnsOf(renderLink)}
              sort={filter.sort}
              onSort={(sort) => onFilter({ ...filter, sort: { ...sort, by: sort.by === "name" ? "name" : "start" } })}
              isBusy={query.isPlaceholderData}
              empty={
                isFiltered
                  ? "No sale matches. Try another name or state."
                  : "No sale was planned yet. Plan the first one above."
              }
            />
            <LoadMore query={query} />
          </>
        )}
      </Found>
    </Panel>
  );
}

function columnsOf(
  renderLink: SalesPanelProps["renderLink"],
): Column<SaleOverview, "name" | "state" | "start" | "sold">[] {
  return [
    { name: "name", title: "Name", isHeading: true, isSortable: true, cell: ({ id, name }) => renderLink(id, name) },
    { name: "state", title: "State", cell: (sale) => <SaleState sale={sale} /> },
    { name: "start", title: "Start", isSortable: true, cell: ({ startsAt }) => <When at={startsAt} /> },
    { name: "sold", title: "Sold", isNumber: true, cell: (sale) => <Sold sale={sale} /> },
  ];
}

function Sold({ sale: { sold, offered, itemCount } }: { sale: SaleOverview }) {
  return (
    <>
      {countWords(sold)} of {countWords(offered)}
      <span className="block text-sm text-muted">{itemCount === 1 ? "1 item" : `${itemCount} items`}</span>
      <ShareBar
        parts={[{ name: "sold", count: sold, fill: "fill-ink" }]}
        total={offered}
        className="mt-1.5 h-1.5 max-w-40 @2xl:ml-auto"
      />
    </>
  );
}

/** What the shop takes. */
const SEARCH_LENGTH_MAX = 100;

interface SalesPanelProps {
  readonly filter: SaleFilter;
  readonly onFilter: (filter: SaleFilter) => void;
  readonly aside: ReactNode;
  /** A way to one of them. */
  readonly renderLink: (saleId: number, words: string) => ReactNode;
}
