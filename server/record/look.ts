import { type AnyColumn, and, gte, lt, type SQL, sql, type Table } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page } from "../database/paging.ts";
import { isoTime, storedTimeSchema } from "../database/times.ts";

/**
 * A page of what a filter finds, newest first. What is rare may lie behind millions of others, for which there is no index:
 * each costs whoever buys. So a list looks through `ROWS_LOOKED_AT` rows at most, says up to where it has looked, and goes
 * on from there with `nextCursor`. A page may be empty and not the last.
 */
export interface Looked<Row> extends Page<Row> {
  /** Up to when it has looked, where it found less than it was asked for and is not at the end; null otherwise. */
  readonly lookedTo: string | null;
}

/** A few tens of milliseconds where they are in memory, well within an operator's statement where they are not. */
export const ROWS_LOOKED_AT = 50_000;

/** Where a list looks, in the order of its index. */
export interface Look {
  readonly table: Table;
  readonly id: AnyColumn;
  readonly at: AnyColumn;
  /** The table's order, newest first. */
  readonly newestFirst: SQL;
  /** What an index finds of it. */
  readonly range: SQL;
  /** The rows of one owner, which are few enough to be read all. */
  readonly ofOwner: SQL | undefined;
  /** What only a look at each row tells. */
  readonly filter: SQL;
}

/** The ids of what is found, as an array: one more than a page holds where there are as many. */
export function idsFound({ table, id, newestFirst, range, ofOwner, filter }: Look, limit: number): SQL {
  const looked = ofOwner
    ? // Else it might look for the owner's among everybody's.
      sql`select * from ${table} where ${ofOwner} and ${range} offset 0`
    : sql`select * from ${table} where ${range} order by ${newestFirst} limit ${ROWS_LOOKED_AT}`;
  return sql`array(
    select ${id} from (${looked}) as ${table} where ${filter} order by ${newestFirst} limit ${limit + 1}
  )`;
}

/**
 * Makes a page of what was found.
 *
 * @param rows one more than the page holds where there are as many
 * @param cursorOf the position of a row, given its id and its time as the database writes it
 */
export async function lookedPage<Row>(
  { db }: Pick<Database, "db">,
  { table, id, at, newestFirst, range, ofOwner }: Look,
  { rows, limit, positionOf, cursorOf }: Found<Row>,
): Promise<Looked<Row>> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length > limit && last)
    return { items, nextCursor: encodeCursor(cursorOf(positionOf(last))), lookedTo: null };
  if (ofOwner) return { items, nextCursor: null, lookedTo: null };
  const [end] = await db
    .select({ id: sql<string | number>`${id}`, at: sql<string>`${at}` })
    .from(table)
    .where(range)
    .orderBy(newestFirst)
    .offset(ROWS_LOOKED_AT - 1)
    .limit(1);
  return { items, nextCursor: end ? encodeCursor(cursorOf(end)) : null, lookedTo: end ? isoTime(end.at) : null };
}

interface Found<Row> {
  readonly rows: readonly Row[];
  readonly limit: number;
  readonly positionOf: (row: Row) => Position;
  readonly cursorOf: (position: Position) => (string | number)[];
}

export interface Position {
  readonly id: string | number;
  readonly at: string;
}

/** The position of a list that is ordered by time, then id. */
export const timeCursorOf = ({ id, at }: Position) => [at, id];

/**
 * The part of such a list that is within a period and behind a cursor.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export function periodOf(
  { from, to, cursor }: { from?: string | undefined; to?: string | undefined; cursor?: string | null | undefined },
  { at, id }: { at: AnyColumn; id: AnyColumn },
): SQL {
  const [beforeTime, beforeId] =
    decodeCursor<[string, string | number]>(cursor, id.dataType === "number" ? numberCursor : uuidCursor) ?? [];
  const ends = [
    from === undefined ? undefined : gte(at, from),
    to === undefined ? undefined : lt(at, to),
    beforeTime === undefined ? undefined : sql`(${at}, ${id}) < (${beforeTime}::timestamptz, ${beforeId})`,
  ];
  return and(...ends) ?? sql`true`;
}

const uuidCursor = z.tuple([storedTimeSchema, z.guid()]);
const numberCursor = z.tuple([storedTimeSchema, z.int()]);
