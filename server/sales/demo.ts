import { sql } from "drizzle-orm";
import { sales } from "../../drizzle/schema/index.ts";
import { readClock } from "../database/clock.ts";
import type { Database, Tx } from "../database/database.ts";
import { insertSale } from "./create.ts";
import { insertDemoProducts } from "./demo-products.ts";
import { demoSales } from "./demo-sales.ts";

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
