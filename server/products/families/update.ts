import { isDeepStrictEqual } from "node:util";
import { eq } from "drizzle-orm";
import { families, variants } from "../../../drizzle/schema/index.ts";
import type { Family, UpdateFamilyInput } from "../../../shared/families.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Database, Tx } from "../../database/database.ts";
import { retryOnConflict } from "../../database/retry-on-conflict.ts";
import { checkFamilyEdits, lockFamily } from "./lock-family.ts";
import { familyById, valuesOf } from "./read-families.ts";
import { storeVariants } from "./store-variants.ts";

/**
 * Makes a family what the input says: its name, its options, its products. Where nothing differs, nothing is written.
 *
 * @throws Fault NOT_FOUND for an unknown family or product, INVALID_INPUT for a product of another family,
 *   CHANGED_MEANWHILE when something differs and it has been edited since `input.edits`
 */
export async function updateFamily(database: Database, actorId: string, input: UpdateFamilyInput): Promise<Family> {
  return retryOnConflict(() =>
    database.withTransaction((tx) => update(tx, actorId, input), { name: "families.update" }),
  );
}

async function update(tx: Tx, actorId: string, input: UpdateFamilyInput): Promise<Family> {
  const { familyId, edits, ...after } = input;
  const family = await lockFamily(tx, familyId);
  const before = valuesOf(family);
  if (isDeepStrictEqual(before, after)) return family;

  await checkFamilyEdits(tx, family, edits);
  await tx.delete(variants).where(eq(variants.familyId, familyId));
  await storeVariants(tx, familyId, after.variants);
  await tx
    .update(families)
    .set({ name: after.name, optionNames: after.optionNames, edits: family.edits + 1 })
    .where(eq(families.id, familyId));
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "families.update",
    subject: `family:${familyId}`,
    details: { before, after },
  });
  return familyById(tx, familyId);
}
