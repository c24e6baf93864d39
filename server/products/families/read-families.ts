import { asc, eq, type SQL, sql } from "drizzle-orm";
import { families } from "../../../drizzle/schema/index.ts";
import type { Family } from "../../../shared/families.ts";
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
