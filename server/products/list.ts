import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { products } from "../../drizzle/schema/index.ts";
import type { ListProductsInput, Product } from "../../shared/products.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, isStorable, type Page, page } from "../database/paging.ts";
import { readProducts } from "./read-products.ts";
import { amongFirst, byIndex, type ProductOrder, type ProductSearch, searchQueryOf } from "./search-products.ts";

/**
 * The catalogue, by name, page by page: products that can be ordered. Those that were made for a sale alone are not in
 * it, nor are those that were withdrawn.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listProducts(
  { db }: Database,
  { cursor, limit, search, productIds }: ListProductsInput,
): Promise<Page<Product>> {
  const [afterName, afterId] = decodeCursor(cursor, cursorSchema) ?? [];
  const where = and(
    eq(products.available, true),
    eq(products.onlyInSales, false),
    productIds && inArray(products.id, productIds),
    afterName === undefined
      ? undefined
      : sql`(${products.name}, ${products.id}) > (${afterName}::text, ${afterId}::bigint)`,
  );
  const count = limit + 1;
  const query = search ? await searchQueryOf(db, search) : null;
  const rows =
    query === null
      ? await readProducts(db, { where, limit: count })
      : await find(db, { query, where, order: BY_NAME, count });
  return page(rows, limit, (product) => encodeCursor([product.name, product.id]));
}

const cursorSchema = z.tuple([z.string().refine(isStorable), z.int()]);

async function find(db: Database["db"], search: ProductSearch): Promise<Product[]> {
  const read = (ids: SQL) => readProducts(db, { where: inArray(products.id, ids), limit: search.count });
  const found = await read(amongFirst(search));
  return found.length === search.count ? found : read(byIndex(search));
}

const BY_NAME: ProductOrder = { by: sql`${products.name}`, join: sql``, isDescending: false };
