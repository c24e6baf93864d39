import { eq } from "drizzle-orm";
import { families, variants } from "../../../drizzle/schema/index.ts";
import type { RemoveFamilyInput } from "../../../shared/families.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Database, Tx } from "../../database/database.ts";
import { checkFamilyEdits, lockFamily } from "./lock-family.ts";

/**
 * Takes a family apart: its products stay, each on a card of its own. What it was stands in the audit log.
 *
 * @throws Fault NOT_FOUND, CHANGED_MEANWHILE when it has been edited since `input.edits`
 */
export async function removeFamily(
  database: Database,
  actorId: string,
  input: RemoveFamilyInput,
): Promise<{ familyId: number }> {
  return database.withTransaction((tx) => remove(tx, actorId, input), { name: "families.remove" });
}

async function remove(tx: Tx, actorId: string, { familyId, edits }: RemoveFamilyInput): Promise<{ familyId: number }> {
  const family = await lockFamily(tx, familyId);
  await checkFamilyEdits(tx, family, edits);
  await tx.delete(variants).where(eq(variants.familyId, familyId));
  await tx.delete(families).where(eq(families.id, familyId));
  const { name, optionNames, variants: products } = family;
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "families.remove",
    subject: `family:${familyId}`,
    details: { before: { name, optionNames, variants: products } },
  });
  return { familyId };
}
