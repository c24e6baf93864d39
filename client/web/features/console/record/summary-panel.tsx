import { useQuery } from "@tanstack/react-query";
import { type Summary, type SummaryFilter, summaryFilterSchema } from "../../../../../shared/record.ts";
import { Button } from "../../../components/button.tsx";
import { Money } from "../../../components/money.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { Found } from "../panel.tsx";
import { countWords } from "../time-words.ts";
import { ExportLinks } from "./export-links.tsx";
import type { RecordSearch } from "./record-filter.ts";
import { summaryQuery } from "./record-queries.ts";
import { summaryFilterOf } from "./summary-filter.ts";
import { SummaryFilters } from "./summary-filters.tsx";

/** What an accountant asks for: what was sold, given back and paid in, by day and by what was sold. Can be printed. */
export function SummaryPanel({ search, onChange }: SummaryPanelProps) {
  const filter = summaryFilterOf(search);
  const checked = summaryFilterSchema.safeParse(filter);
  return (
    <>
      <div className="mb-5 print:hidden">
        <SummaryFilters filter={filter} onChange={onChange} />
      </div>
      {checked.success ? (
        <Sums filter={checked.data} />
      ) : (
        <p role="alert" className="font-medium text-hot">
          {checked.error.issues[0]?.message}
        </p>
      )}
    </>
  );
}

function Sums({ filter }: { filter: SummaryFilter }) {
  const query = useQuery(summaryQuery(filter));
  const { first, last, zone } = filter;
  return (
    <Found query={{ ...query, dataUpdatedAt: Number.POSITIVE_INFINITY }} what="the summary" skeleton="h-96">
      {(summary) => (
        <div aria-busy={query.isPlaceholderData || undefined} className="transition-opacity aria-busy:opacity-55">
          <p className="mb-3 text-sm text-muted">
            {first} to {last}, days of {zone}. Every movement of money is in it once.
          </p>
          <Totals total={summary.total} />
          <Heading words="By item and product" file="summary-by-item" filter={filter} />
          <DataTable
            label="By item and product"
            rows={summary.items}
            rowKey={({ itemId, productId }) => (itemId === null ? `product ${productId}` : itemId)}
            columns={ITEMS}
            empty="Nothing was sold or given back."
          />
          <Heading words="By day" file="summary-by-day" filter={filter} />
          <DataTable
            label="By day"
            rows={summary.days}
            rowKey={({ day }) => day}
            columns={DAYS}
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
    <div className="mt-6 mb-2 flex flex-wrap items-center justify-between gap-x-4">
      <h3 className="font-bold">{words}</h3>
      <ExportLinks file={file} words={`${words} as CSV`} filter={filter} />
    </div>
  );
}

function Totals({ total }: { total: Summary["total"] }) {
  const figures: [name: string, cents: number][] = [
    ["Revenue", total.sold.cents],
    ["Refunds", total.refunded.cents],
    ["Net", total.netCents],
    ["Top-ups", total.topUpCents],
    ["Credits", total.creditCents],
    ["Opening balances", total.openingCents],
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

const ITEMS: Column<Summary["items"][number]>[] = [
  {
    name: "name",
    title: "Sold",
    isHeading: true,
    cell: ({ name, saleName }) => (
      <>
        {name}
        <span className="block text-sm font-normal text-muted">{saleName ?? "Catalogue"}</span>
      </>
    ),
  },
  ...soldColumns<Summary["items"][number]>(),
];

const DAYS: Column<Summary["days"][number]>[] = [
  { name: "day", title: "Day", isHeading: true, cell: ({ day }) => day },
  ...soldColumns<Summary["days"][number]>(),
  { name: "topUps", title: "Top-ups", isNumber: true, cell: ({ topUpCents }) => <Money cents={topUpCents} /> },
  { name: "credits", title: "Credits", isNumber: true, cell: ({ creditCents }) => <Money cents={creditCents} /> },
];

interface SummaryPanelProps {
  readonly search: RecordSearch;
  /** Changes a part of what stands in the address. */
  readonly onChange: (changes: RecordSearch) => void;
}
