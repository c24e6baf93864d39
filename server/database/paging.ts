import type { z } from "zod";
import { Fault } from "../../shared/faults.ts";

/**
 * Makes one page of the rows that a list read. The list asks the database for one row more than the page holds
 * (`limit + 1`), which is how it is known that another page follows.
 *
 * @param cursorOf the position of a row in the list's order, as `encodeCursor` made it
 */
export function page<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** A position in a list as text that says nothing to the client. The parts are what the list is ordered by. */
export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/**
 * The parts of a cursor that a client sent back, or undefined when it asks for the first page.
 *
 * @param schema what the parts must be, usually a `z.tuple`
 * @throws Fault INVALID_INPUT when it is not a cursor of this list
 */
export function decodeCursor<Parts>(cursor: string | null | undefined, schema: z.ZodType<Parts>): Parts | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const parts = schema.safeParse(jsonOf(Buffer.from(cursor, "base64url").toString()));
  if (!parts.success) throw new Fault("INVALID_INPUT", "This cursor is not one that this list answered.");
  return parts.data;
}

/** Whether text from a cursor can be compared with the database's: its text holds neither NUL nor halves of characters. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Undefined, which no schema of a cursor accepts, when the text is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Page<Row> {
  items: Row[];
  /** What to send as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
