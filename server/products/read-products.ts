import { asc, type SQL, sql } from "drizzle-orm";
import { products } from "../../drizzle/schema/index.ts";
import type { Product } from "../../shared/products.ts";
import type { Database, Tx } from "../database/database.ts";
import { readOffers } from "./read-offers.ts";

/**
 * Reads products with the units that can be promised, by name, and where they cost less. One statement for a product and
 * its units, which are of one moment; what sales ask follows in a second one.
 *
 * @param where which products
 * @param limit how many at most
 */
export async function readProducts(
  db: Database["db"] | Tx,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<Product[]> {
  const rows = await db
    .select({
      id: products.id,
      name: products.name,
      description: products.description,
      imageUrl: products.imageUrl,
      priceCents: products.priceCents,
      currency: products.currency,
      available: products.available,
      edits: products.edits,
      stock: stockOfProduct,
    })
    .from(products)
    .where(where)
    .orderBy(asc(products.name), asc(products.id))
    .limit(limit);
  const offers = await readOffers(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => {
    const units = row.stock.reduce((sum, kept) => sum + kept.units, 0);
    const onSale = offers.get(row.id);
    return { ...row, units, ...(onSale && onSale.priceCents < row.priceCents && { onSale }) };
  });
}

const stockOfProduct = sql<Product["stock"]>`(
  select coalesce(
    json_agg(
      json_build_object('warehouseId', warehouses.id, 'warehouseName', warehouses.name, 'units', inventory.units)
      order by warehouses.id
    ),
    '[]'
  )
  from inventory
  join warehouses on warehouses.id = inventory.warehouse_id
  where inventory.product_id = products.id
)`;
