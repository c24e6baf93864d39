import { clockWords } from "../../../app/moment-words.ts";
import { Button } from "../../../components/button.tsx";
import { LoadMore } from "../../../components/load-more.tsx";
import { When } from "../../../components/when.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { Found } from "../panel.tsx";
import { countWords } from "../time-words.ts";

/** The rows of a list of the record, with how far back it has looked where that is not to the beginning. */
export function RecordList<Row>({ query, label, what, columns, rowKey }: RecordListProps<Row>) {
  return (
    <Found query={{ ...query, dataUpdatedAt: DOES_NOT_AGE }} what={what} skeleton="h-96">
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items);
        const lookedTo = pages.at(-1)?.lookedTo ?? null;
        return (
          <>
            <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm text-muted">
              <p role="status">
                {countWords(rows.length)}
                {query.hasNextPage ? " so far" : ""}, newest first, as of{" "}
                {clockWords(new Date(query.dataUpdatedAt).toISOString(), "seconds")}.
                {query.isRefetchError && ` It could not be read again: ${query.error?.message}`}
              </p>
              <Button look="quiet" busy={query.isRefetching} onClick={() => void query.refetch()}>
                Read again
              </Button>
            </div>
            <DataTable
              label={label}
              rows={rows}
              rowKey={rowKey}
              columns={columns}
              isBusy={query.isPlaceholderData}
              empty={lookedTo === null ? "Nothing is like that." : "Nothing like that so far."}
            />
            {lookedTo !== null && (
              <p className="pt-4 text-center text-muted">
                Looked back to <When at={lookedTo} withYear />. What is older was not looked through yet: choose a
                shorter time, or go on.
              </p>
            )}
            <LoadMore query={query} />
          </>
        );
      }}
    </Found>
  );
}

/** It says itself as of when it is. */
const DOES_NOT_AGE = Number.POSITIVE_INFINITY;

interface RecordListProps<Row> {
  readonly query: RecordQuery<Row>;
  readonly label: string;
  /** The subject of a sentence. */
  readonly what: string;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string | number;
}

interface RecordQuery<Row> {
  readonly data: { readonly pages: readonly { items: Row[]; lookedTo?: string | null }[] } | undefined;
  readonly error: { readonly message: string } | null;
  readonly dataUpdatedAt: number;
  readonly isPlaceholderData: boolean;
  readonly isRefetching: boolean;
  readonly isRefetchError: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly refetch: () => Promise<unknown>;
  readonly fetchNextPage: () => Promise<unknown>;
}
