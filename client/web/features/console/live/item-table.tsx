import type { ItemFigures, SaleFigures } from "../../../../../shared/figures.ts";
import { Money } from "../../../components/money.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { ShareBar } from "../share-bar.tsx";
import { countWords } from "../time-words.ts";
import { type LineLook, lineLooks } from "./live-series.ts";

/** How each item stands: what the lines of the chart say, in numbers. */
export function ItemTable({ figures }: { figures: SaleFigures }) {
  const looks = lineLooks(figures);
  const columns: Column<ItemFigures, string>[] = [
    {
      name: "item",
      title: "Item",
      isHeading: true,
      cell: ({ id, name }) => (
        <span className="flex items-center gap-x-2.5">
          <LineSign look={looks.get(id)} />
          {name}
        </span>
      ),
    },
    {
      name: "left",
      title: "Left",
      isNumber: true,
      cell: ({ remaining, soldUnits }) => (
        <>
          {countWords(remaining)}
          <ShareBar
            className="mt-1 h-1.5 min-w-16 @2xl:ml-auto @2xl:max-w-32"
            total={remaining + soldUnits}
            parts={[{ name: "left", count: remaining, fill: remaining === 0 ? "fill-hot" : "fill-good" }]}
          />
        </>
      ),
    },
    { name: "sold", title: "Sold", isNumber: true, cell: ({ soldUnits }) => countWords(soldUnits) },
    { name: "unmet", title: "Not met", isNumber: true, cell: ({ unmetUnits }) => countWords(unmetUnits) },
    { name: "taken", title: "Taken", isNumber: true, cell: ({ takenCents }) => <Money cents={takenCents} /> },
  ];
  return (
    <DataTable
      label="Items"
      rows={figures.items}
      rowKey={({ id }) => id}
      columns={columns}
      empty="This sale has no items."
    />
  );
}

/** Which line of the chart is which item, with what is left: beside the chart, for those who see no more than it. */
export function ItemLegend({ figures }: { figures: SaleFigures }) {
  const looks = lineLooks(figures);
  return (
    <dl aria-label="Lines of the chart" className="mb-3 flex flex-wrap gap-x-5 gap-y-1">
      {figures.items
        .filter(({ id }) => looks.has(id))
        .map(({ id, name, remaining }) => (
          <div key={id} className="flex min-w-0 items-baseline gap-x-2">
            <dt className="flex min-w-0 items-center gap-x-2 text-sm wrap-anywhere text-muted">
              <LineSign look={looks.get(id)} />
              {name}
            </dt>
            <dd className="figures text-lg leading-none font-bold narrow">{countWords(remaining)}</dd>
          </div>
        ))}
    </dl>
  );
}

/** The line that the item has in the chart. */
function LineSign({ look }: { look: LineLook | undefined }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 6" className="w-6 shrink-0">
      {look && <path d="M0 3h24" stroke={look.colour} strokeWidth="3" strokeDasharray={look.dash} />}
    </svg>
  );
}
