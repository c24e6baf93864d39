import { isDeepStrictEqual } from "node:util";
import { eq } from "drizzle-orm";
import { families, products } from "../../../drizzle/schema/index.ts";
import type { CreateFamilyInput, Family } from "../../../shared/families.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Database, Tx } from "../../database/database.ts";
import { retryOnConflict } from "../../database/retry-on-conflict.ts";
import { familyById, familyOfProduct, valuesOf } from "./read-families.ts";
import { storeVariants } from "./store-variants.ts";

/**
 * Makes one family of several products. A product is in one family only, so that whoever asks again, as after a lost answer,
 * for one that there is exactly so, is answered that one.
 *
 * @throws Fault NOT_FOUND for an unknown product, INVALID_INPUT for one of another family
 */
export async function createFamily(database: Database, actorId: string, input: CreateFamilyInput): Promise<Family> {
  // Two families want one product: the second finds it in the first.
  return retryOnConflict(() =>
    database.withTransaction((tx) => create(tx, actorId, input), { name: "families.create" }),
  );
}

async function create(tx: Tx, actorId: string, input: CreateFamilyInput): Promise<Family> {
  const { name, optionNames, variants } = input;
  const first = variants[0]?.productId ?? 0;
  // Whoever asks for the same at once waits here, and then finds it.
  await tx.select({ id: products.id }).from(products).where(eq(products.id, first)).for("no key update");
  const earlier = await familyOfProduct(tx, first);
  if (earlier && isDeepStrictEqual(valuesOf(earlier), input)) return earlier;
  const [made] = await tx.insert(families).values({ name, optionNames }).returning({ id: families.id });
  if (!made) throw new Error("the database answered no id for a new family");
  await storeVariants(tx, made.id, variants);
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "families.create",
    subject: `family:${made.id}`,
    details: { name, optionNames, variants },
  });
  return familyById(tx, made.id);
}
