import type { ReactNode } from "react";
import { cn } from "../../components/cn.ts";
import { ChoiceField } from "./choice-field.tsx";
import { sortText, type TableSort } from "./table-sort.ts";

/**
 * Rows under named columns, sorted by whoever asks for them. Where there is no room for columns each row is a card, with the
 * columns' titles beside what stands in them.
 */
export function DataTable<Row, Name extends string>(props: DataTableProps<Row, Name>) {
  const { label, rows, rowKey, columns, sort, onSort, isBusy, empty } = props;
  if (rows.length === 0) return <p className="rounded-md bg-sunken px-4 py-10 text-center text-muted">{empty}</p>;
  return (
    <div className="@container">
      {sort && onSort && <SortField columns={columns} sort={sort} onSort={onSort} />}
      <table
        aria-label={label}
        aria-busy={isBusy || undefined}
        className="w-full text-left transition-opacity aria-busy:opacity-55 @max-2xl:block"
      >
        <thead className="text-sm text-muted @max-2xl:hidden">
          <tr className="border-b-2 border-ink">
            {columns.map((column) => (
              <ColumnTitle key={column.name} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody className="@max-2xl:block @max-2xl:border-t-2 @max-2xl:border-ink">
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className="relative border-b border-line align-top hover:bg-paper @max-2xl:grid @max-2xl:grid-cols-2 @max-2xl:max-[15rem]:grid-cols-1 @max-2xl:gap-x-4 @max-2xl:gap-y-1 @max-2xl:py-3 print:break-inside-avoid"
            >
              {columns.map((column) => (
                <Cell key={column.name} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row, Name extends string>({ column, row }: { column: Column<Row, Name>; row: Row }) {
  const { title, cell, isHeading, isNumber, isLong } = column;
  if (isHeading) {
    return (
      <th scope="row" className="py-2.5 pr-4 font-semibold wrap-anywhere @max-2xl:col-span-full @max-2xl:p-0">
        {cell(row)}
      </th>
    );
  }
  return (
    <td
      data-title={title}
      className={cn(
        "py-2.5 pr-4 last:pr-0 @2xl:[&_time]:whitespace-nowrap @max-2xl:p-0 @max-2xl:empty:hidden @max-2xl:before:block @max-2xl:before:text-sm @max-2xl:before:text-muted @max-2xl:before:content-[attr(data-title)]",
        isNumber && "figures @2xl:text-right",
        isLong && "@max-2xl:col-span-full",
      )}
    >
      {cell(row)}
    </td>
  );
}

function ColumnTitle<Row, Name extends string>({ column, sort, onSort }: TitleProps<Row, Name>) {
  const { name, title, isSortable, isNumber } = column;
  const isSorted = sort?.by === name;
  const look = cn("py-2 pr-4 font-semibold last:pr-0", isNumber && "text-right");
  if (!isSortable || !onSort) {
    return (
      <th scope="col" className={look}>
        {title}
      </th>
    );
  }
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (sort.isDescending ? "descending" : "ascending") : undefined}
      className={look}
    >
      <button
        type="button"
        onClick={() => onSort({ by: name, isDescending: isSorted && !sort.isDescending })}
        className={cn(
          "-mx-1 inline-flex min-h-9 items-center gap-1 rounded-md px-1 hover:bg-sunken hover:text-ink",
          isNumber && "flex-row-reverse",
        )}
      >
        {title}
        <svg aria-hidden="true" viewBox="0 0 10 10" className={cn("size-2.5", !isSorted && "opacity-0")}>
          <path d={isSorted && sort.isDescending ? "m1 3 4 5 4-5z" : "m1 7 4-5 4 5z"} className="fill-current" />
        </svg>
      </button>
    </th>
  );
}

/** The same choice where the columns have no titles to press. */
function SortField<Row, Name extends string>({ columns, sort, onSort }: SortFieldProps<Row, Name>) {
  const options = columns
    .filter(({ isSortable }) => isSortable)
    .flatMap(({ name, title }) =>
      [false, true].map((isDescending) => ({
        value: sortText({ by: name, isDescending }),
        words: isDescending ? `${title}, last first` : title,
        sort: { by: name, isDescending },
      })),
    );
  return (
    <div className="mb-3 @2xl:hidden">
      <ChoiceField
        label="Sort by"
        value={sortText(sort)}
        options={options}
        all={null}
        onChoose={(chosen) => onSort(options.find(({ value }) => value === chosen)?.sort ?? sort)}
      />
    </div>
  );
}

/** All of its row may be pressed: for the link in a row's heading. */
export const ROW_LINK = "underline-offset-4 after:absolute after:inset-0 hover:underline";

export interface Column<Row, Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Names the row; the first one, and one alone. */
  readonly isHeading?: boolean;
  readonly isNumber?: boolean;
  /** Takes the whole width where rows are cards: for sentences. */
  readonly isLong?: boolean;
  readonly isSortable?: boolean;
}

interface SortProps<Row, Name extends string> {
  readonly columns: readonly Column<Row, Name>[];
  readonly sort?: TableSort<Name> | undefined;
  readonly onSort?: ((sort: TableSort<Name>) => void) | undefined;
}

interface SortFieldProps<Row, Name extends string> {
  readonly columns: readonly Column<Row, Name>[];
  readonly sort: TableSort<Name>;
  readonly onSort: (sort: TableSort<Name>) => void;
}

interface TitleProps<Row, Name extends string> extends Omit<SortProps<Row, Name>, "columns"> {
  readonly column: Column<Row, Name>;
}

interface DataTableProps<Row, Name extends string> extends SortProps<Row, Name> {
  /** What the rows are, for those who hear it. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  /** While others are asked for. */
  readonly isBusy?: boolean;
  /** Said in place of rows. */
  readonly empty: ReactNode;
}
