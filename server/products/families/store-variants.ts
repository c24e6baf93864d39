import { and, eq, inArray, ne } from "drizzle-orm";
import { z } from "zod";
import { families, products, variants } from "../../../drizzle/schema/index.ts";
import type { CreateFamilyInput } from "../../../shared/families.ts";
import { Fault } from "../../../shared/faults.ts";
import type { Tx } from "../../database/database.ts";
import { invalidInput } from "../../http/faults.ts";

/**
 * Stores which products a family has, in this order. The family had none, or none any more.
 *
 * @throws Fault NOT_FOUND for an unknown product, INVALID_INPUT for one of another family, checked in this order
 */
export async function storeVariants(tx: Tx, familyId: number, wanted: CreateFamilyInput["variants"]): Promise<void> {
  await checkProducts(tx, familyId, wanted);
  await tx
    .insert(variants)
    .values(wanted.map(({ productId, values }, ordinal) => ({ productId, familyId, ordinal, optionValues: values })));
}

async function checkProducts(tx: Tx, familyId: number, wanted: CreateFamilyInput["variants"]): Promise<void> {
  const ids = wanted.map(({ productId }) => productId);
  const known = await tx.select({ id: products.id }).from(products).where(inArray(products.id, ids));
  const missing = ids.find((id) => known.every((product) => product.id !== id));
  if (missing !== undefined) throw new Fault("NOT_FOUND", `There is no product with the id ${missing}.`);

  const [taken] = await tx
    .select({ productId: variants.productId, name: families.name })
    .from(variants)
    .innerJoin(families, eq(families.id, variants.familyId))
    .where(and(inArray(variants.productId, ids), ne(variants.familyId, familyId)))
    .limit(1);
  if (!taken) return;
  const path = ["variants", ids.indexOf(taken.productId), "productId"];
  const message = `It is in the family “${taken.name}” already`;
  throw invalidInput(new z.ZodError([{ code: "custom", path, message, input: taken.productId }]));
}
