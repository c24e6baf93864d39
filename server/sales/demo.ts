import { sql } from "drizzle-orm";
import { inventory, products, sales, warehouses } from "../../drizzle/schema/index.ts";
import { readClock } from "../database/clock.ts";
import type { Database, Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { storeReceipts } from "../products/store-receipts.ts";
import { insertSale } from "./create.ts";
import { DEMO_CATALOGUE, demoSales } from "./demo-catalogue.ts";

/**
 * Fills an empty shop with a catalogue, a sale of it that is live now, and one that is to come. Does nothing where there is
 * a sale already, also when several processes start at once.
 *
 * @returns whether it made them
 */
export async function seedDemo(database: Database): Promise<boolean> {
  return database.withTransaction(
    async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext(current_schema() || '.demo'))`);
      if (await hasSales(tx)) return false;

      const { productIdOf } = await insertDemoProducts(tx);
      const { nowMs } = await readClock(tx);
      for (const sale of demoSales(nowMs, productIdOf)) await insertSale(tx, null, sale);
      return true;
    },
    { name: "demo" },
  );
}

/** Whether a sale was ever planned here. */
export async function hasSales(db: Database["db"] | Tx): Promise<boolean> {
  const [sale] = await db.select({ id: sales.id }).from(sales).limit(1);
  return sale !== undefined;
}

/** Fills the catalogue with the demo products, in stock in two warehouses. As many statements, however many there are. */
async function insertDemoProducts(tx: Tx): Promise<{ productIdOf(name: string): number }> {
  const [main, harbour] = await insertWarehouses(tx);
  const rows = await tx
    .insert(products)
    .values(DEMO_CATALOGUE.map(({ main: _main, harbour: _harbour, ...product }) => product))
    .returning({ id: products.id, name: products.name });
  const idOf = new Map(rows.map((row) => [row.name, row.id]));
  const productIdOf = (name: string) => {
    const id = idOf.get(name);
    if (id === undefined) throw new Error(`there is no demo product "${name}"`);
    return id;
  };

  const stock = DEMO_CATALOGUE.flatMap((product) => {
    const productId = productIdOf(product.name);
    return [
      { warehouseId: main, productId, units: product.main },
      { warehouseId: harbour, productId, units: product.harbour },
    ].flatMap(({ units, ...slot }) => (units === undefined ? [] : [{ ...slot, units }]));
  });
  await tx.insert(inventory).values(stock);
  const { now } = await readClock(tx);
  await storeReceipts(
    tx,
    stock
      .filter(({ units }) => units > 0)
      .map((row) => ({
        ...row,
        id: newUuid(),
        reason: "Demo",
        idempotencyKey: newUuid(),
        fingerprint: "demo",
        receivedAt: now,
      })),
  );
  return { productIdOf };
}

async function insertWarehouses(tx: Tx): Promise<[main: number, harbour: number]> {
  const [main] = await tx.select({ id: sql<number>`min(${warehouses.id})`.mapWith(Number) }).from(warehouses);
  const [harbour] = await tx
    .insert(warehouses)
    .values({ name: "Harbour warehouse" })
    // Changes nothing, so that a warehouse of that name is answered too.
    .onConflictDoUpdate({ target: warehouses.name, set: { name: sql`excluded.name` } })
    .returning({ id: warehouses.id });
  if (!main || !harbour) throw new Error("there are no two warehouses");
  return [main.id, harbour.id];
}
