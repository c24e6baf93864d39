import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { PRODUCT_FILTERS, type PRODUCT_SORTS, type StaffProduct } from "../../../../../shared/products.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { Money } from "../../../components/money.tsx";
import { When } from "../../../components/when.tsx";
import { ChoiceField } from "../choice-field.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { Found, Panel } from "../panel.tsx";
import { SearchField } from "../search-field.tsx";
import type { TableSort } from "../table-sort.ts";
import { Tag } from "../tag.tsx";
import { allProductsQuery } from "./products-queries.ts";

/** Every product, also those that buyers cannot order. */
export function ProductsPanel({ filter, onFilter, renderLink, aside }: ProductsPanelProps) {
  const { search, show, sort } = filter;
  const query = useInfiniteQuery(
    allProductsQuery({
      ...(search && { search }),
      ...(show && { show }),
      ...{ sort: sort.by, descending: sort.isDescending },
    }),
  );
  return (
    <Panel title="Products" aside={aside}>
      <search className="mb-4 grid gap-3 sm:grid-cols-[minmax(0,1fr)_12rem]">
        <SearchField
          label="Search by name or description"
          value={search}
          lengthMax={SEARCH_LENGTH_MAX}
          onChange={(words) => onFilter({ ...filter, search: words })}
        />
        <ChoiceField
          label="Show"
          value={show}
          options={PRODUCT_FILTERS.map((value) => ({ value, words: FILTER_WORDS[value] }))}
          onChoose={(chosen) => onFilter({ ...filter, show: chosen })}
        />
      </search>
      <Found query={query} what="the list of products" skeleton="h-96">
        {({ pages }) => (
          <>
            <DataTable
              label="Products"
              rows={pages.flatMap(({ items }) => items)}
              rowKey={({ id }) => id}
              columns={columnsOf(renderLink)}
              sort={sort}
              onSort={({ by, isDescending }) => by !== "state" && onFilter({ ...filter, sort: { by, isDescending } })}
              isBusy={query.isPlaceholderData}
              empty={search || show ? "No product is so." : "There are no products yet."}
            />
            <LoadMore query={query} />
          </>
        )}
      </Found>
    </Panel>
  );
}

function columnsOf(renderLink: ProductsPanelProps["renderLink"]): Column<StaffProduct, ProductSort>[] {
  return [
    {
      name: "name",
      title: "Name",
      isHeading: true,
      isSortable: true,
      cell: ({ id, name, family }) => (
        <>
          {renderLink(id, name)}
          {family && (
            <span className="block text-sm font-normal text-muted">
              {family.name}: {family.options.map(({ value }) => value).join(", ")}
            </span>
          )}
        </>
      ),
    },
    {
      name: "price",
      title: "Price",
      isNumber: true,
      isSortable: true,
      cell: ({ priceCents, currency }) => <Money cents={priceCents} currency={currency} />,
    },
    { name: "units", title: "Units", isNumber: true, isSortable: true, cell: ({ units }) => COUNT.format(units) },
    {
      name: "created",
      title: "Made",
      isSortable: true,
      cell: ({ createdAt }) => (
        <span className="@2xl:whitespace-nowrap">
          <When at={createdAt} />
        </span>
      ),
    },
    { name: "state", title: "State", cell: (product) => <ProductState product={product} /> },
  ];
}

/** Whether buyers can order it. */
export function ProductState({ product: { available, onlyInSales } }: { product: StaffProduct }) {
  if (onlyInSales) {
    return (
      <Tag tone="quiet" sign="closed">
        Only in sales
      </Tag>
    );
  }
  return available ? (
    <Tag tone="good" sign="done" className="@max-sm:whitespace-normal">
      In the catalogue
    </Tag>
  ) : (
    <Tag tone="bad" sign="off">
      Withdrawn
    </Tag>
  );
}

const FILTER_WORDS: Record<(typeof PRODUCT_FILTERS)[number], string> = {
  available: "In the catalogue",
  withdrawn: "Withdrawn",
  onlyInSales: "Only in sales",
  outOfStock: "Out of stock",
};

export const COUNT = new Intl.NumberFormat("en-IE");

/** What the shop takes. */
const SEARCH_LENGTH_MAX = 100;

/** The columns of which all but the last can be sorted by. */
type ProductSort = (typeof PRODUCT_SORTS)[number] | "state";

export interface ProductView {
  readonly search: string;
  readonly show: (typeof PRODUCT_FILTERS)[number] | undefined;
  readonly sort: TableSort<(typeof PRODUCT_SORTS)[number]>;
}

interface ProductsPanelProps {
  readonly filter: ProductView;
  readonly onFilter: (filter: ProductView) => void;
  readonly renderLink: (productId: number, words: string) => ReactNode;
  /** Stands at the end of the heading's line. */
  readonly aside: ReactNode;
}
