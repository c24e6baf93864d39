import { and, desc, eq, inArray, lt } from "drizzle-orm";
import { z } from "zod";
import { purchaseAttempts } from "../../drizzle/schema/index.ts";
import type { ListPurchasesInput, PurchaseRecord } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { readPurchases } from "./read-purchases.ts";
import { storedKey } from "./stored.ts";

/**
 * Anybody's purchases with the keys that they were made under, newest first: those of a buyer, or of an item by their
 * position. Filters hold together.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listPurchases(database: Database, input: ListPurchasesInput): Promise<Page<PurchaseRecord>> {
  const { userId, itemId, purchaseId, idempotencyKey, limit } = input;
  const { id, position } = purchaseAttempts;
  const where = [
    userId === undefined ? undefined : eq(purchaseAttempts.userId, userId),
    itemId === undefined ? undefined : eq(purchaseAttempts.itemId, itemId),
    purchaseId === undefined ? undefined : eq(id, purchaseId),
    userId === undefined || idempotencyKey === undefined
      ? undefined
      : inArray(purchaseAttempts.idempotencyKey, keysMeant({ userId, idempotencyKey })),
  ];
  const isOfItem = userId === undefined && purchaseId === undefined;
  if (isOfItem) {
    const [before] = decodeCursor(input.cursor, positionSchema) ?? [];
    if (before !== undefined) where.push(lt(position, before));
  } else {
    const [before] = decodeCursor(input.cursor, idSchema) ?? [];
    if (before !== undefined) where.push(lt(id, before));
  }
  const rows = await readPurchases(database, {
    where: and(...where),
    orderBy: desc(isOfItem ? position : id),
    limit: limit + 1,
  });
  return page(rows, limit, (row) => encodeCursor([isOfItem ? row.position : row.purchaseId]));
}

/** What stands for the key that a buyer sent; and the key itself where it may be what stands here for one, and was copied. */
function keysMeant(key: { userId: string; idempotencyKey: string }): string[] {
  const isShown = z.guid().safeParse(key.idempotencyKey).success;
  return isShown ? [storedKey(key), key.idempotencyKey] : [storedKey(key)];
}

const positionSchema = z.tuple([z.int()]);
/** As in one's own list: UUIDs of version 7, whose order is that of time. */
const idSchema = z.tuple([z.guid()]);
