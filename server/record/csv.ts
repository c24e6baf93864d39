import { CURRENCY } from "../../shared/money.ts";

/*
 * CSV as spreadsheets and programs read it: RFC 4180, with a line of names first. `csv-stringify` takes any text that looks
 * like a negative number for a formula, and what is decimal is text: it would spoil every refund.
 */

/** One column: its name, and the cell of a row, ready to be written. */
export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => string;
}

/** Words of whoever wrote them. */
export function words<Row>(name: string, of: (row: Row) => string | null): Column<Row> {
  return { name, cell: (row) => wordsCell(of(row)) };
}

/** What the shop itself wrote, and can hold nothing that would have to be quoted: ids, codes, numbers, times. */
export function plain<Row>(name: string, of: (row: Row) => string | number | boolean | null): Column<Row> {
  return { name, cell: (row) => String(of(row) ?? "") };
}

/** An amount in two columns, as a decimal number and in minor units: a negative one stays a number. */
export function money<Row>(name: string, centsOf: (row: Row) => number | null): Column<Row>[] {
  return [plain(name, (row) => decimal(centsOf(row))), plain(`${name}_minor`, centsOf)];
}

/** Of all amounts in the row. */
export const currency: Column<unknown> = { name: "currency", cell: () => CURRENCY };

export function headerOf(columns: readonly Column<never>[]): string {
  return columns.map(({ name }) => name).join(",") + LINE_END;
}

export function lineOf<Row>(columns: readonly Column<Row>[], row: Row): string {
  return columns.map(({ cell }) => cell(row)).join(",") + LINE_END;
}

/** Tells spreadsheets that the file is UTF-8. */
export const BYTE_ORDER_MARK = "\uFEFF";

export const LINE_END = "\r\n";

/** Where a spreadsheet would begin a formula stands an apostrophe, which keeps it words. */
function wordsCell(text: string | null): string {
  if (text === null) return "";
  const harmless = text.replace(FORMULA, "'");
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * Those of OWASP's list, with the wide forms of East Asia, at the beginning of a cell: also of one that only those spreadsheets
 * see whose list separator is a semicolon or a tab, as in most of Europe. To them our quotes stand within a cell, so that a
 * line's end is one too.
 */
const FORMULA = /^(?=[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?="*[=+\-@＝＋－＠])/g;

/** Some readers trim what is not quoted. */
const QUOTED = /[",\r\n]|^\s|\s$/;

/** Exact, with two places as the currency has. */
function decimal(cents: number | null): string | null {
  if (cents === null) return null;
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
