import { and, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { sales } from "../../drizzle/schema/index.ts";
import { idSchema } from "../../shared/primitives.ts";
import type { ListSalesInput, Sale, SaleStatus } from "../../shared/sales.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { readSales } from "./read-sales.ts";

/**
 * Sales, the newest start first, page by page; on request only those of one status by the database's clock.
 *
 * @throws Fault INVALID_INPUT when the cursor is not one of this list
 */
export async function listSales(database: Database, { cursor, limit, status }: ListSalesInput): Promise<Page<Sale>> {
  const [after] = decodeCursor(cursor, cursorSchema) ?? [];
  const rows = await readSales(database.db, {
    where: and(after === undefined ? undefined : comesAfter(after), status && HAS_STATUS[status]),
    limit: limit + 1,
  });
  return page(rows, limit, (sale) => encodeCursor([sale.id]));
}

/** The id of the last sale of a page. Its start is read anew, because an answer's milliseconds would lose digits. */
const cursorSchema = z.tuple([idSchema]);

function comesAfter(saleId: number): SQL {
  return lt(
    sql`(${sales.startsAt}, ${sales.id})`,
    sql`(select last.starts_at, last.id from ${sales} as last where last.id = ${saleId}::bigint)`,
  );
}

/** What `saleStatusAt` says, as conditions that the database applies before it counts the rows of a page. */
export const HAS_STATUS: Record<SaleStatus, SQL> = {
  cancelled: sql`${sales.cancelledAt} is not null`,
  scheduled: sql`${sales.cancelledAt} is null and ${sales.startsAt} > statement_timestamp()`,
  ended: sql`${sales.cancelledAt} is null and ${sales.endsAt} <= statement_timestamp()`,
  paused: sql`${sales.cancelledAt} is null and ${sales.pausedAt} is not null
    and ${sales.startsAt} <= statement_timestamp() and ${sales.endsAt} > statement_timestamp()`,
  live: sql`${sales.cancelledAt} is null and ${sales.pausedAt} is null
    and ${sales.startsAt} <= statement_timestamp() and ${sales.endsAt} > statement_timestamp()`,
};
