import { and, asc, eq, gt, ilike, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import { products } from "../../../drizzle/warehouse/schema.ts";
import { idSchema } from "../../../shared/primitives.ts";
import type { StockInput, WarehouseProduct } from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../../database/paging.ts";
import { isoTime } from "../../database/times.ts";

/**
 * What is on hand, in the order of products; on request only those whose name holds `search`, whatever the case, or
 * whose id it is.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listStock(
  database: Database,
  { cursor, limit, search }: StockInput,
): Promise<Page<WarehouseProduct>> {
  const [after] = decodeCursor(cursor, cursorSchema) ?? [];
  const rows = await database.db
    .select({
      productId: products.productId,
      name: products.name,
      description: products.description,
      priceCents: products.priceCents,
      stockQuantity: products.stockQuantity,
      updatedAt: products.updatedAt,
    })
    .from(products)
    .where(and(after === undefined ? undefined : gt(products.productId, after), search ? matches(search) : undefined))
    .orderBy(asc(products.productId))
    .limit(limit + 1);
  const items = rows.map((row) => ({ ...row, updatedAt: isoTime(row.updatedAt) }));
  return page(items, limit, ({ productId }) => encodeCursor([productId]));
}

const cursorSchema = z.tuple([idSchema]);

function matches(search: string): SQL | undefined {
  const named = ilike(products.name, `%${search.replace(/[\\%_]/g, "\\$&")}%`);
  const id = /^\d{1,15}$/.test(search) ? eq(products.productId, Number(search)) : undefined;
  return or(named, id);
}
