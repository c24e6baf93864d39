import { and, asc, desc, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { items, sales, stockAdjustments } from "../../drizzle/schema/index.ts";
import { idSchema } from "../../shared/primitives.ts";
import type { OverviewInput, SaleOverview, SaleStatus } from "../../shared/sales.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { epochMs, isoTime } from "../database/times.ts";
import { HAS_STATUS } from "./list.ts";
import { SALE_TIMES } from "./read-sales.ts";
import { type SaleTimes, saleStatusAt } from "./sale-status.ts";

/**
 * Sales as staff look for them, page by page: by name, by status, in either order. Of each what it has sold, from the rows
 * of its items, which are read for one page only.
 *
 * @throws Fault INVALID_INPUT when the cursor is not one of this list
 */
export async function salesOverview({ db }: Database, input: OverviewInput): Promise<Page<SaleOverview>> {
  const query = input.search ? await queryOf(db, input.search) : null;
  const where = and(comesAfter(input), input.status && withIndex(input.status));
  const rows = query === null ? await readRows(db, input, where) : await find(db, input, { query, where });
  return page(rows.map(overviewOf), input.limit, ({ id }) => encodeCursor([id]));
}

async function readRows(db: Database["db"], input: OverviewInput, where: SQL | undefined): Promise<OverviewRow[]> {
  const column = COLUMN[input.sort];
  const by = isDescending(input) ? desc : asc;
  const chosen = db
    .select({
      id: sales.id,
      name: sales.name,
      edits: sales.edits,
      sortedBy: sql`${column}`.as("sorted_by"),
      ...SALE_TIMES,
      leftoversReturnedAt: sales.leftoversReturnedAt,
      nowMs: epochMs(sql`statement_timestamp()`).as("now_ms"),
    })
    .from(sales)
    .where(where)
    .orderBy(by(column), by(sales.id))
    .limit(input.limit + 1)
    .as("chosen");
  return db
    .select({
      id: chosen.id,
      name: chosen.name,
      edits: chosen.edits,
      startsAtMs: chosen.startsAtMs,
      endsAtMs: chosen.endsAtMs,
      pausedAtMs: chosen.pausedAtMs,
      cancelledAtMs: chosen.cancelledAtMs,
      nowMs: chosen.nowMs,
      counts: COUNTS,
    })
    .from(chosen)
    .orderBy(by(chosen.sortedBy), by(chosen.id));
}

/** As in the catalogue: the first in the order are looked at, where common words are met, and then the index of words. */
async function find(db: Database["db"], input: OverviewInput, search: Search): Promise<OverviewRow[]> {
  const direction = sql.raw(isDescending(input) ? "desc" : "asc");
  const order = sql`order by ${sql.identifier(COLUMN[input.sort].name)} ${direction}, id ${direction}`;
  const firstOf = (from: SQL, where: SQL | undefined) =>
    inArray(sales.id, sql`(select id from (${from}) as ${sales} where ${where} ${order} limit ${input.limit + 1})`);
  const { query, where = sql`true` } = search;
  const hasWords = sql`words @@ ${query}::tsquery`;
  const first = sql`select * from ${sales} where ${where} ${order} limit ${LOOKED_AT_MAX}`;
  const found = await readRows(db, input, firstOf(first, hasWords));
  if (found.length > input.limit) return found;
  return readRows(db, input, firstOf(sql`select * from ${sales} where ${hasWords} offset 0`, where));
}

/** A few milliseconds of reading. */
const LOOKED_AT_MAX = 1_000;

function overviewOf({
  id,
  name,
  edits,
  nowMs,
  counts: [itemCount, offered, sold],
  ...times
}: OverviewRow): SaleOverview {
  return {
    id,
    name,
    startsAt: isoTime(times.startsAtMs),
    endsAt: isoTime(times.endsAtMs),
    status: saleStatusAt(times, nowMs),
    edits,
    serverTime: isoTime(nowMs),
    itemCount,
    offered,
    sold,
  };
}

/** Of a row of `chosen`. What went back to the inventory when the sale was over had been offered all the same. */
const COUNTS = sql<Counts>`(
  select json_build_array(
    count(*),
    coalesce(sum(i.allotted + coalesce(returned.units, 0)), 0),
    coalesce(sum(i.allotted - i.remaining), 0)
  )
  from ${items} as i
  left join lateral (
    select -sum(a.change) as units
    from ${stockAdjustments} as a
    where chosen.leftovers_returned_at is not null
      and a.item_id = i.id
      and a.fingerprint = 'item=' || i.id || '&left=' || -a.change
  ) as returned on true
  where i.sale_id = chosen.id and i.withdrawn_at is null
)`;

/** The id of the last sale of a page: what the list is ordered by is read anew, because an answer would lose digits of it. */
const cursorSchema = z.tuple([idSchema]);

function comesAfter(input: OverviewInput): SQL | undefined {
  const [lastId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  if (lastId === undefined) return undefined;
  const column = COLUMN[input.sort];
  const is = sql.raw(isDescending(input) ? "<" : ">");
  return sql`(${column}, ${sales.id}) ${is} (
    select last.${sql.identifier(column.name)}, last.id from ${sales} as last where last.id = ${lastId}::bigint
  )`;
}

function isDescending({ sort, descending = sort === "start" }: OverviewInput): boolean {
  return descending;
}

const COLUMN = { start: sales.startsAt, name: sales.name } as const;

/**
 * The status with what brings its index into play: a sale that is over stays in `sales_with_leftovers` for seconds only, so
 * that those which are open or to come are found there, however many there were.
 */
function withIndex(status: SaleStatus): SQL {
  if (status === "ended") return sql`${HAS_STATUS.ended} and ${sales.startsAt} < statement_timestamp()`;
  if (status === "cancelled") return HAS_STATUS.cancelled;
  return sql`${HAS_STATUS[status]} and ${sales.leftoversReturnedAt} is null`;
}

async function queryOf(db: Database["db"], search: string): Promise<string | null> {
  const [row] = await db.execute<{ query: string | null }>(sql`select search_query(${search})::text as query`);
  return row?.query ?? null;
}

interface Search {
  readonly query: string;
  /** What else has to hold. */
  readonly where: SQL | undefined;
}

type Counts = [itemCount: number, offered: number, sold: number];
interface OverviewRow extends SaleTimes, Pick<SaleOverview, "id" | "name" | "edits"> {
  readonly nowMs: number;
  readonly counts: Counts;
}
