import { and, asc, desc, eq, getTableColumns, gt, lt, type SQL } from "drizzle-orm";
import { z } from "zod";
import { inventoryUpdates, products } from "../../../drizzle/warehouse/schema.ts";
import { idSchema } from "../../../shared/primitives.ts";
import type { InventoryUpdate, UpdatesInput } from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../../database/paging.ts";
import { isoTime } from "../../database/times.ts";

/**
 * The history, the newest first; after an id, the oldest first. Updates of different products may be committed in another
 * order than that of their ids: who follows the history by `afterId` must look again at what is a few seconds old.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listUpdates(
  database: Database,
  { cursor, limit, productId, reference, afterId }: UpdatesInput,
): Promise<Page<InventoryUpdate>> {
  const [from] = decodeCursor(cursor, cursorSchema) ?? [];
  const { id } = inventoryUpdates;
  const isForward = afterId !== undefined;
  const rows = await database.db
    .select({ ...getTableColumns(inventoryUpdates), productName: products.name })
    .from(inventoryUpdates)
    .innerJoin(products, eq(products.productId, inventoryUpdates.productId))
    .where(
      and(
        isForward ? gt(id, Math.max(afterId, from ?? 0)) : before(from),
        productId === undefined ? undefined : eq(inventoryUpdates.productId, productId),
        reference === undefined ? undefined : eq(inventoryUpdates.reference, reference),
      ),
    )
    .orderBy(isForward ? asc(id) : desc(id))
    .limit(limit + 1);
  const items = rows.map((row) => ({ ...row, updatedAt: isoTime(row.updatedAt) }));
  return page(items, limit, (update) => encodeCursor([update.id]));
}

const cursorSchema = z.tuple([idSchema]);

function before(id: number | undefined): SQL | undefined {
  return id === undefined ? undefined : lt(inventoryUpdates.id, id);
}
