import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { items, sales } from "../../drizzle/schema/index.ts";
import { idSchema } from "../../shared/primitives.ts";
import type { ProductPageInput } from "../../shared/products.ts";
import type { SaleOfProduct } from "../../shared/sales.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { epochMs, isoTime, storedTimeSchema } from "../database/times.ts";
import { SALE_TIMES } from "./read-sales.ts";
import { saleStatusAt } from "./sale-status.ts";

/**
 * The items of sales that offer a product, the newest start first, page by page.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function salesOfProduct(
  { db }: Database,
  { productId, cursor, limit }: ProductPageInput,
): Promise<Page<SaleOfProduct>> {
  const [beforeStart, beforeId] = decodeCursor(cursor, cursorSchema) ?? [];
  const rows = await db
    .select({
      saleId: sales.id,
      saleName: sales.name,
      startsAt: sales.startsAt,
      times: SALE_TIMES,
      nowMs: epochMs(sql`statement_timestamp()`),
      itemId: items.id,
      itemName: items.name,
      priceCents: items.priceCents,
      allotted: items.allotted,
      remaining: items.remaining,
    })
    .from(items)
    .innerJoin(sales, eq(sales.id, items.saleId))
    .where(
      and(
        eq(items.productId, productId),
        beforeStart === undefined
          ? undefined
          : sql`(${sales.startsAt}, ${items.id}) < (${beforeStart}::timestamptz, ${beforeId}::bigint)`,
      ),
    )
    .orderBy(desc(sales.startsAt), desc(items.id))
    .limit(limit + 1);
  const found = page(rows, limit, ({ startsAt, itemId }) => encodeCursor([startsAt, itemId]));
  return {
    items: found.items.map(({ times, nowMs, ...row }) => ({
      ...row,
      status: saleStatusAt(times, nowMs),
      startsAt: isoTime(times.startsAtMs),
      endsAt: isoTime(times.endsAtMs),
    })),
    nextCursor: found.nextCursor,
  };
}

const cursorSchema = z.tuple([storedTimeSchema, idSchema]);
