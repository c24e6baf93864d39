import { asc, eq, type SQL, sql } from "drizzle-orm";
import { warehouses } from "../../../drizzle/schema/index.ts";
import { Fault } from "../../../shared/faults.ts";
import type { Warehouse } from "../../../shared/warehouses.ts";
import type { Database, Tx } from "../../database/database.ts";

/** Reads warehouses with what is in them, the first one first: it stands in where none is named. */
export async function readWarehouses(
  db: Database["db"] | Tx,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<Warehouse[]> {
  const kept = sql<{ products: number; units: number }>`(
    select json_build_object('products', count(*), 'units', coalesce(sum(units), 0))
    from inventory
    where inventory.warehouse_id = warehouses.id
  )`;
  const rows = await db
    .select({ id: warehouses.id, name: warehouses.name, edits: warehouses.edits, kept })
    .from(warehouses)
    .where(where)
    .orderBy(asc(warehouses.id))
    .limit(limit);
  return rows.map(({ kept: { products, units }, ...warehouse }) => ({ ...warehouse, products, units }));
}

/** @throws Fault NOT_FOUND */
export async function warehouseById(db: Database["db"] | Tx, warehouseId: number): Promise<Warehouse> {
  const [warehouse] = await readWarehouses(db, { where: eq(warehouses.id, warehouseId), limit: 1 });
  if (!warehouse) throw new Fault("NOT_FOUND", `There is no warehouse with the id ${warehouseId}.`);
  return warehouse;
}
