import { count, inArray, sql, sum } from "drizzle-orm";
import { inventoryUpdates } from "../../../drizzle/warehouse/schema.ts";
import type { Taken } from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";

/**
 * What was taken from the stock under each of the references, by product, and in how many portions; what came in counts
 * below zero. A reference that the history does not know is left out.
 */
export async function listTaken(database: Database, references: readonly string[]): Promise<{ items: Taken[] }> {
  const { reference, productId, quantityChange } = inventoryUpdates;
  const items = await database.db
    .select({ reference, productId, units: sql`-${sum(quantityChange)}`.mapWith(Number), times: count() })
    .from(inventoryUpdates)
    .where(inArray(reference, sql`(select unnest(${sql.param([...references])}::text[]))`))
    .groupBy(reference, productId);
  return { items };
}
