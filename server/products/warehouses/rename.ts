import { eq } from "drizzle-orm";
import { warehouses } from "../../../drizzle/schema/index.ts";
import { Fault } from "../../../shared/faults.ts";
import type { RenameWarehouseInput, Warehouse } from "../../../shared/warehouses.ts";
import { changedMeanwhile } from "../../audit/changed-meanwhile.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Database, Tx } from "../../database/database.ts";
import { retryOnConflict } from "../../database/retry-on-conflict.ts";
import { checkNameIsFree } from "./check-name-is-free.ts";
import { warehouseById } from "./read-warehouses.ts";

/**
 * Gives a warehouse another name. Where it has that already, nothing is written.
 *
 * @throws Fault NOT_FOUND, CHANGED_MEANWHILE when it has been edited since `input.edits`, INVALID_INPUT where another has
 *   that name
 */
export async function renameWarehouse(
  database: Database,
  actorId: string,
  input: RenameWarehouseInput,
): Promise<Warehouse> {
  return retryOnConflict(() =>
    database.withTransaction((tx) => rename(tx, actorId, input), { name: "warehouses.rename" }),
  );
}

async function rename(tx: Tx, actorId: string, { warehouseId, name, edits }: RenameWarehouseInput): Promise<Warehouse> {
  // Its key stays: goods that come in meanwhile need not wait.
  const [row] = await tx.select().from(warehouses).where(eq(warehouses.id, warehouseId)).for("no key update");
  if (!row) throw new Fault("NOT_FOUND", `There is no warehouse with the id ${warehouseId}.`);
  if (row.name !== name) {
    if (edits !== undefined && edits !== row.edits) {
      const subjects = [`warehouse:${warehouseId}`];
      throw await changedMeanwhile(tx, { what: "this warehouse", subjects, editsNow: row.edits });
    }
    await checkNameIsFree(tx, name);
    await tx
      .update(warehouses)
      .set({ name, edits: row.edits + 1 })
      .where(eq(warehouses.id, warehouseId));
    await recordAudit(tx, {
      actorKind: "person",
      actorId,
      action: "warehouses.rename",
      subject: `warehouse:${warehouseId}`,
      details: { before: { name: row.name }, after: { name } },
    });
  }
  return warehouseById(tx, warehouseId);
}
