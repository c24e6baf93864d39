import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { items, products, sales } from "../../drizzle/schema/index.ts";
import type { Product } from "../../shared/products.ts";
import type { Database, Tx } from "../database/database.ts";
import { type FamilyParts, familyWords } from "./families/family-words.ts";

/**
 * Reads products with the units that can be promised, by name, and where they cost less. One statement for a product and
 * its units, which are of one moment; what sales ask follows in a second one.
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
      family: familyOfProduct,
    })
    .from(products)
    .where(where)
    .orderBy(asc(products.name), asc(products.id))
    .limit(limit);
  const offers = await readOffers(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ family, ...row }) => {
    const units = row.stock.reduce((sum, kept) => sum + kept.units, 0);
    const onSale = offers.get(row.id);
    return {
      ...row,
      units,
      ...(onSale && onSale.priceCents < row.priceCents && { onSale }),
      ...(family && { family: { ...familyWords(family), productIds: family.productIds } }),
    };
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

const familyOfProduct = sql<(FamilyParts & { productIds: number[] }) | null>`(
  select json_build_object(
    'id', families.id,
    'name', families.name,
    'place', variants.ordinal,
    'optionNames', families.option_names,
    'optionValues', variants.option_values,
    'productIds', (
      select coalesce(json_agg(others.product_id order by others.ordinal), '[]')
      from variants as others
      join products as orderable on orderable.id = others.product_id
      where others.family_id = families.id and orderable.available and not orderable.only_in_sales
    )
  )
  from variants
  join families on families.id = variants.family_id
  where variants.product_id = products.id
)`;

/**
 * For each of these products that a live sale has units of, the item that costs least. What it costs to find out depends
 * on how many sales are open or to come, and not on how many there were: the index `sales_with_leftovers` holds only those.
 * A cancelled sale is not among them: it gave back what was left when it was cancelled.
 */
async function readOffers(db: Database["db"] | Tx, productIds: readonly number[]): Promise<Map<number, Offer>> {
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
