import { and, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import { items, sales } from "../../drizzle/schema/index.ts";
import type { Product } from "../../shared/products.ts";
import type { Database, Tx } from "../database/database.ts";

/**
 * For each of these products that a live sale has units of, the item that costs least. What it costs to find out depends
 * on how many sales are open or to come, and not on how many there were: the index `sales_with_leftovers` holds only those.
 * A cancelled sale is not among them: it gave back what was left when it was cancelled.
 *
 * @param db the database, or the transaction whose own changes the answer is to show
 */
export async function readOffers(db: Database["db"] | Tx, productIds: readonly number[]): Promise<Map<number, Offer>> {
  if (productIds.length === 0) return new Map();
  const rows = await db
    .selectDistinctOn([items.productId], {
      productId: items.productId,
      offer: { saleId: items.saleId, itemId: items.id, priceCents: items.priceCents },
    })
    .from(sales)
    .innerJoin(items, eq(items.saleId, sales.id))
    .where(
      and(
        isNull(sales.leftoversReturnedAt),
        isNull(sales.pausedAt),
        sql`${sales.startsAt} <= statement_timestamp() and ${sales.endsAt} > statement_timestamp()`,
        inArray(items.productId, [...productIds]),
        gt(items.remaining, 0),
      ),
    )
    .orderBy(items.productId, items.priceCents, items.id);
  return new Map(rows.map(({ productId, offer }) => [productId, offer]));
}

type Offer = NonNullable<Product["onSale"]>;
