import { Readable } from "node:stream";
import type { Page } from "../database/paging.ts";
import { BYTE_ORDER_MARK, type Column, headerOf, LINE_END, lineOf } from "./csv.ts";

/** What a file is made of: its columns, and its rows in portions, each of which is read when it is asked for. */
export interface Table<Row> {
  readonly columns: readonly Column<Row>[];
  readonly portions: AsyncIterable<readonly Row[]>;
  /** What is said behind the rows, a line each, without commas and quotes. */
  readonly notes?: () => Promise<readonly string[]>;
}

/**
 * A table as a CSV file. A portion is read when the one before is on its way, so that memory does not depend on the number
 * of rows, and none once the stream is destroyed, which it is when the reader goes away. The last line is
 * `# complete: 12 rows`: a file without it was cut off.
 */
export function csvFile<Row>(table: Table<Row>, options: FileOptions): Readable {
  return Readable.from(textOf(table, options));
}

export interface FileOptions {
  readonly bom: boolean;
  /** Called each time that the reader has taken nearly all there is, before more is sent. What it throws breaks the file off. */
  readonly beforeMore: () => Promise<void>;
}

async function* textOf<Row>({ columns, portions, notes }: Table<Row>, options: FileOptions): AsyncGenerator<string> {
  // With the first rows, so that a failure of theirs can still be answered as one.
  let text = (options.bom ? BYTE_ORDER_MARK : "") + headerOf(columns);
  let count = 0;
  for await (const rows of portions) {
    await options.beforeMore();
    for (const row of rows) text += lineOf(columns, row);
    count += rows.length;
    // A look that found nothing is no portion.
    if (text !== "") yield text;
    text = "";
  }
  await options.beforeMore();
  const said = [...((await notes?.()) ?? []), `complete: ${count} rows`];
  yield text + said.map((note) => `# ${note}${LINE_END}`).join("");
}

/** All pages of a list, each read when it is asked for: a short statement each, so that no snapshot stays open meanwhile. */
export async function* portionsOf<Row>(
  read: (page: { cursor: string | null; limit: number }) => Promise<Page<Row>>,
): AsyncGenerator<readonly Row[]> {
  let cursor: string | null = null;
  do {
    const page: Page<Row> = await read({ cursor, limit: PORTION_ROWS });
    yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** Some 10 ms of this process's time, for which purchases that it serves too may wait. */
export const PORTION_ROWS = 1_000;
