import { inArray } from "drizzle-orm";
import { products } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { StaffProduct } from "../../shared/products.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";
import { readProducts } from "./read-products.ts";

/** These products in the order of the ids, with what only staff sees. Their times are as the database writes them. */
export async function readStaffProducts(db: Database["db"], ids: readonly number[]): Promise<StaffProduct[]> {
  if (ids.length === 0) return [];
  const where = inArray(products.id, [...ids]);
  const { id, onlyInSales, createdAt } = products;
  const seenByAll = await readProducts(db, { where, limit: ids.length });
  const seenByStaff = await db.select({ id, onlyInSales, createdAt }).from(products).where(where);
  const [rows, more] = [byId(seenByAll), byId(seenByStaff)];
  return ids.flatMap((each) => {
    const [row, rest] = [rows.get(each), more.get(each)];
    return row && rest ? [{ ...row, ...rest }] : [];
  });
}

/**
 * One product as staff sees it, whatever became of it.
 *
 * @throws Fault NOT_FOUND
 */
export async function staffProductById({ db }: Database, productId: number): Promise<StaffProduct> {
  const [product] = await readStaffProducts(db, [productId]);
  if (!product) throw new Fault("NOT_FOUND", `There is no product with the id ${productId}.`);
  return { ...product, createdAt: isoTime(product.createdAt) };
}

function byId<Row extends { readonly id: number }>(rows: readonly Row[]): Map<number, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
