import { useQuery } from "@tanstack/react-query";
import { type Summary, type SummaryFilter, summaryFilterSchema } from "../../../../../shared/record.ts";
import { Button } from "../../../components/button.tsx";
import { Money } from "../../../components/money.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { Found } from "../panel.tsx";
import { countWords } from "../time-words.ts";
import { ExportLinks } from "./export-links.tsx";
import type { RecordSearch } from "./record-filter.ts";
import { recordSalesQuery, summaryQuery } from "./record-queries.ts";
import { saleWords } from "./sale-words.ts";
import { bySale, type SaleSum } from "./summary-by-sale.ts";
import { summaryFilterOf } from "./summary-filter.ts";
import { SummaryFilters } from "./summary-filters.tsx";

/** What an accountant asks for: what was sold, given back and paid in, by day and by what was sold. Can be printed. */
export function SummaryPanel({ search, onChange }: SummaryPanelProps) {
  const filter = summaryFilterOf(search);
  if (!filter) return null;
  const checked = summaryFilterSchema.safeParse(filter);
  const issue = checked.error?.issues[0];
  return (
    <>
      <div className="mb-5 print:hidden">
        <SummaryFilters filter={filter} onChange={onChange} />
      </div>
      {checked.success ? (
        <Sums filter={checked.data} />
      ) : (
        <p role="alert" className="font-medium text-hot">
          {issue?.path[0] === "saleId" ? `“${search.saleId}” is no sale’s number.` : issue?.message}
        </p>
      )}
    </>
  );
}

function Sums({ filter }: { filter: SummaryFilter }) {
  const query = useQuery(summaryQuery(filter));
  const { first, last, zone, saleId } = filter;
  // What is paid in belongs to no sale.
  const paidIn = saleId === undefined ? PAID_IN : [];
  const sale = useQuery(recordSalesQuery).data?.items.find(({ id }) => id === saleId);
  return (
    <Found query={{ ...query, dataUpdatedAt: Number.POSITIVE_INFINITY }} what="the summary" skeleton="h-96">
      {(summary) => (
        <div aria-busy={query.isPlaceholderData || undefined} className="transition-opacity aria-busy:opacity-55">
          {saleId !== undefined && (
            <h3 className="mb-2 text-lg font-bold wrap-anywhere">{sale ? saleWords(sale) : `Sale ${saleId}`}</h3>
          )}
          <p className="mb-3 text-sm text-muted">
            {first} to {last}, days of {zone}, each movement of money on the day on which it moved: a refund on its own,
            not on that of the purchase.{" "}
            {saleId === undefined
              ? "Every movement is in it once."
              : "Of this sale alone: what was ordered from the catalogue and paid in belongs to none."}
          </p>
          <Totals total={summary.total} paidIn={paidIn} />
          {saleId === undefined && (
            <>
              <h3 className="mt-6 mb-2 font-bold">By sale</h3>
              <DataTable
                label="By sale"
                rows={bySale(summary.items)}
                rowKey={(sale) => sale.saleId ?? "catalogue"}
                columns={SALES}
                empty={NOTHING_SOLD}
              />
            </>
          )}
          <Heading words="By item and product" file="summary-by-item" filter={filter} />
          <DataTable
            label="By item and product"
            rows={summary.items}
            rowKey={({ itemId, productId }) => (itemId === null ? `product ${productId}` : itemId)}
            columns={ITEMS}
            empty={NOTHING_SOLD}
          />
          <Heading words="By day" file="summary-by-day" filter={filter} />
          <DataTable
            label="By day"
            rows={summary.days}
            rowKey={({ day }) => day}
            columns={daysWith(paidIn)}
            empty="Nothing moved on any of these days."
          />
          <Button look="plain" className="mt-5 print:hidden" onClick={() => print()}>
            Print
          </Button>
        </div>
      )}
    </Found>
  );
}

function Heading({ words, file, filter }: { words: string; file: string; filter: SummaryFilter }) {
  return (
    <div className="mt-6 mb-2 flex flex-wrap items-center justify-between gap-x-4 break-after-avoid">
      <h3 className="font-bold">{words}</h3>
      <ExportLinks file={file} words={`${words} as CSV`} filter={filter} />
    </div>
  );
}

function Totals({ total, paidIn }: { total: Summary["total"]; paidIn: typeof PAID_IN }) {
  const figures: [name: string, cents: number][] = [
    ["Revenue", total.sold.cents],
    ["Refunds", total.refunded.cents],
    ["Net", total.netCents],
    ...paidIn.map(([name, title]): [string, number] => [title, total[name]]),
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">
      {figures.map(([name, cents]) => (
        <div key={name} className="rounded-md bg-sunken px-3 py-2">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="text-lg font-bold narrow">
            <Money cents={cents} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

type SoldRow = Pick<Summary["total"], "sold" | "refunded" | "netCents">;

function soldColumns<Row extends SoldRow>(): Column<Row>[] {
  return [
    { name: "units", title: "Units sold", isNumber: true, cell: ({ sold }) => countWords(sold.units) },
    { name: "revenue", title: "Revenue", isNumber: true, cell: ({ sold }) => <Money cents={sold.cents} /> },
    { name: "back", title: "Units back", isNumber: true, cell: ({ refunded }) => countWords(refunded.units) },
    { name: "refunds", title: "Refunds", isNumber: true, cell: ({ refunded }) => <Money cents={refunded.cents} /> },
    { name: "net", title: "Net", isNumber: true, cell: ({ netCents }) => <Money cents={netCents} /> },
  ];
}

function saleOf({ saleName, saleStartsAt }: Pick<SaleSum, "saleName" | "saleStartsAt">): string {
  return saleName === null || saleStartsAt === null
    ? "Catalogue"
    : saleWords({ name: saleName, startsAt: saleStartsAt });
}

const ITEMS: Column<Summary["items"][number]>[] = [
  {
    name: "name",
    title: "Sold",
    isHeading: true,
    cell: (item) => (
      <>
        {item.name}
        <span className="block text-sm font-normal text-muted">{saleOf(item)}</span>
      </>
    ),
  },
  ...soldColumns<Summary["items"][number]>(),
];

const SALES: Column<SaleSum>[] = [
  { name: "sale", title: "Sale", isHeading: true, cell: saleOf },
  ...soldColumns<SaleSum>(),
];

/** Money from outside. */
const PAID_IN: readonly (readonly [name: "topUpCents" | "creditCents" | "openingCents", title: string])[] = [
  ["topUpCents", "Top-ups"],
  ["creditCents", "Credits"],
  ["openingCents", "Opening balances"],
];

function daysWith(paidIn: typeof PAID_IN): Column<Summary["days"][number]>[] {
  return [
    { name: "day", title: "Day", isHeading: true, cell: ({ day }) => <time className="whitespace-nowrap">{day}</time> },
    ...soldColumns<Summary["days"][number]>(),
    ...paidIn.map(
      ([name, title]): Column<Summary["days"][number]> => ({
        ...{ name, title, isNumber: true },
        cell: (day) => <Money cents={day[name]} />,
      }),
    ),
  ];
}

const NOTHING_SOLD = "Nothing was sold or given back.";

interface SummaryPanelProps {
  readonly search: RecordSearch;
  /** Changes a part of what stands in the address. */
  readonly onChange: (changes: RecordSearch) => void;
}
