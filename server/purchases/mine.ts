import type { PageInput } from "../../shared/primitives.ts";
import type { Purchase } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import type { Page } from "../database/paging.ts";
import { listPurchases, ofBuyer } from "./list.ts";

/** The buyer's own purchases, newest first. */
export async function mine(database: Database, userId: string, input: PageInput): Promise<Page<Purchase>> {
  const { items, nextCursor } = await listPurchases(database, { ...input, userId });
  return { items: items.map(ofBuyer), nextCursor };
}
