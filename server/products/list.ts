import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { products } from "../../drizzle/schema/index.ts";
import type { ListProductsInput, Product } from "../../shared/products.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, isStorable, type Page, page } from "../paging.ts";
import { readProducts } from "./read-products.ts";

/**
 * The catalogue, by name, page by page: products that can be ordered. Those that were made for a sale alone are not in
 * it, nor are those that were withdrawn.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listProducts(
  database: Database,
  { cursor, limit, search, productIds }: ListProductsInput,
): Promise<Page<Product>> {
  const [afterName, afterId] = decodeCursor(cursor, cursorSchema) ?? [];
  const rows = await readProducts(database.db, {
    where: and(
      eq(products.available, true),
      eq(products.onlyInSales, false),
      productIds && inArray(products.id, productIds),
      search ? holds(search) : undefined,
      afterName === undefined
        ? undefined
        : sql`(${products.name}, ${products.id}) > (${afterName}::text, ${afterId}::bigint)`,
    ),
    limit: limit + 1,
  });
  return page(rows, limit, (product) => encodeCursor([product.name, product.id]));
}

const cursorSchema = z.tuple([z.string().refine(isStorable), z.int()]);

/** The expression is that of the index `products_by_word`. */
function holds(search: string): SQL {
  const words = sql`to_tsvector('simple', ${products.name} || ' ' || ${products.description})`;
  return sql`${words} @@ to_tsquery('simple', ${queryOf(search)})`;
}

/** Every word is to begin a word of the product: `lamp des` becomes `'lamp':* & 'des':*`. */
function queryOf(search: string): string {
  return search
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => `'${word.replace(/['\\]/g, "$&$&")}':*`)
    .join(" & ");
}
