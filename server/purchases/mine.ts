import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { purchaseAttempts } from "../../drizzle/schema/index.ts";
import type { PageInput } from "../../shared/primitives.ts";
import type { Purchase } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { readPurchases } from "./read-purchases.ts";

/** The buyer's own purchases, newest first. */
export async function mine(database: Database, userId: string, input: PageInput): Promise<Page<Purchase>> {
  // Ids of attempts are UUIDs of version 7, so their order is the order of time.
  const [beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const rows = await readPurchases(database, {
    where: and(
      eq(purchaseAttempts.userId, userId),
      beforeId === undefined ? undefined : lt(purchaseAttempts.id, beforeId),
    ),
    orderBy: desc(purchaseAttempts.id),
    limit: input.limit + 1,
  });
  const purchases = rows.map(({ userId: _, idempotencyKey, refundedBy, ...purchase }) => purchase);
  return page(purchases, input.limit, (purchase) => encodeCursor([purchase.purchaseId]));
}

const cursorSchema = z.tuple([z.guid()]);
