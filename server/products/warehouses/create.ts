import { warehouses } from "../../../drizzle/schema/index.ts";
import type { CreateWarehouseInput, Warehouse } from "../../../shared/warehouses.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Database } from "../../database/database.ts";
import { retryOnConflict } from "../../database/retry-on-conflict.ts";
import { checkNameIsFree } from "./check-name-is-free.ts";
import { warehouseById } from "./read-warehouses.ts";

/**
 * Makes a warehouse, which keeps nothing until goods are received.
 *
 * @throws Fault INVALID_INPUT where another has that name
 */
export async function createWarehouse(
  database: Database,
  actorId: string,
  { name }: CreateWarehouseInput,
): Promise<Warehouse> {
  const create = () =>
    database.withTransaction(
      async (tx) => {
        await checkNameIsFree(tx, name);
        const [made] = await tx.insert(warehouses).values({ name }).returning({ id: warehouses.id });
        if (!made) throw new Error("the database answered no id for a new warehouse");
        await recordAudit(tx, {
          actorKind: "person",
          actorId,
          action: "warehouses.create",
          subject: `warehouse:${made.id}`,
          details: { name },
        });
        return warehouseById(tx, made.id);
      },
      { name: "warehouses.create" },
    );
  return retryOnConflict(create);
}
