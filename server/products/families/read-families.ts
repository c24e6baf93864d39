import { asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { families, variants } from "../../../drizzle/schema/index.ts";
import type { CreateFamilyInput, Family } from "../../../shared/families.ts";
import { Fault } from "../../../shared/faults.ts";
import type { Database, Tx } from "../../database/database.ts";

/** Reads families with their products, by name. */
export async function readFamilies(
  db: Database["db"] | Tx,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<Family[]> {
  return db
    .select({
      id: families.id,
      name: families.name,
      optionNames: families.optionNames,
      edits: families.edits,
      variants: variantsOfFamily,
    })
    .from(families)
    .where(where)
    .orderBy(asc(families.name), asc(families.id))
    .limit(limit);
}

const variantsOfFamily = sql<Family["variants"]>`(
  select coalesce(
    json_agg(
      json_build_object('productId', products.id, 'productName', products.name, 'values', variants.option_values)
      order by variants.ordinal
    ),
    '[]'
  )
  from variants
  join products on products.id = variants.product_id
  where variants.family_id = families.id
)`;

/** @throws Fault NOT_FOUND */
export async function familyById(db: Database["db"] | Tx, familyId: number): Promise<Family> {
  const [family] = await readFamilies(db, { where: eq(families.id, familyId), limit: 1 });
  if (!family) throw new Fault("NOT_FOUND", `There is no family with the id ${familyId}.`);
  return family;
}

/** The one that a product is in. */
export async function familyOfProduct(tx: Tx, productId: number): Promise<Family | undefined> {
  const ofProduct = tx.select({ id: variants.familyId }).from(variants).where(eq(variants.productId, productId));
  const [family] = await readFamilies(tx, { where: inArray(families.id, ofProduct), limit: 1 });
  return family;
}

/** What an operator gives of a family. */
export function valuesOf({ name, optionNames, variants: products }: Family): CreateFamilyInput {
  return { name, optionNames, variants: products.map(({ productId, values }) => ({ productId, values })) };
}
