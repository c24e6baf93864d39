import { eq } from "drizzle-orm";
import { products } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Product } from "../../shared/products.ts";
import type { Database, Tx } from "../database/database.ts";
import { readProducts } from "./read-products.ts";

/**
 * One product, in the catalogue or not.
 *
 * @param db the database, or the transaction whose own changes the answer is to show
 * @throws Fault NOT_FOUND
 */
export async function productById(db: Database["db"] | Tx, productId: number): Promise<Product> {
  const [product] = await readProducts(db, { where: eq(products.id, productId), limit: 1 });
  if (!product) throw new Fault("NOT_FOUND", `There is no product with the id ${productId}.`);
  return product;
}
