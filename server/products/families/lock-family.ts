import { eq } from "drizzle-orm";
import { families } from "../../../drizzle/schema/index.ts";
import type { Family } from "../../../shared/families.ts";
import { Fault } from "../../../shared/faults.ts";
import { changedMeanwhile } from "../../audit/changed-meanwhile.ts";
import type { Tx } from "../../database/database.ts";
import { familyById } from "./read-families.ts";

/**
 * Locks a family for a change: its products belong to whoever holds its row.
 *
 * @throws Fault NOT_FOUND
 */
export async function lockFamily(tx: Tx, familyId: number): Promise<Family> {
  const [row] = await tx.select({ id: families.id }).from(families).where(eq(families.id, familyId)).for("update");
  if (!row) throw new Fault("NOT_FOUND", `There is no family with the id ${familyId}.`);
  return familyById(tx, familyId);
}

/** @throws Fault CHANGED_MEANWHILE when it has been edited since the operator saw it */
export async function checkFamilyEdits(tx: Tx, family: Family, edits: number | undefined): Promise<void> {
  if (edits === undefined || edits === family.edits) return;
  const subjects = [`family:${family.id}`];
  throw await changedMeanwhile(tx, { what: "this family", subjects, editsNow: family.edits });
}
