import { eq } from "drizzle-orm";
import { sales } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Sale } from "../../shared/sales.ts";
import type { Database, Tx } from "../database/database.ts";
import { readSales } from "./read-sales.ts";

/**
 * One sale with its items.
 *
 * @param db the database, or the transaction whose own changes the answer is to show
 * @throws Fault NOT_FOUND
 */
export async function saleById(db: Database["db"] | Tx, saleId: number): Promise<Sale> {
  const [sale] = await readSales(db, { where: eq(sales.id, saleId), limit: 1 });
  if (!sale) throw new Fault("NOT_FOUND", `There is no sale with the id ${saleId}.`);
  return sale;
}
