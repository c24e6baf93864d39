import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { products } from "../../drizzle/schema/index.ts";
import type { ListProductsInput, Product } from "../../shared/products.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, isStorable, type Page, page } from "../database/paging.ts";
import { readProducts } from "./read-products.ts";

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
  const query = search ? await queryOf(db, search) : null;
  const rows =
    query === null ? await readProducts(db, { where, limit: count }) : await find(db, { query, where, count });
  return page(rows, limit, (product) => encodeCursor([product.name, product.id]));
}

const cursorSchema = z.tuple([z.string().refine(isStorable), z.int()]);

/** The words of a search as the database compares them; null where it holds none, and then it leaves nothing out. */
async function queryOf(db: Database["db"], search: string): Promise<string | null> {
  const [row] = await db.execute<{ query: string | null }>(sql`select search_query(${search})::text as query`);
  return row?.query ?? null;
}

/**
 * What common words find is soon met in the order of names, and by their index one would have to sort half of the
 * catalogue; what is rare is found by the index at once. So the first are looked at, and only where they do not fill the
 * page, the index is asked.
 */
async function find(db: Database["db"], search: Search): Promise<Product[]> {
  const read = (ids: SQL) => readProducts(db, { where: inArray(products.id, ids), limit: search.count });
  const found = await read(amongFirst(search));
  return found.length === search.count ? found : read(byIndex(search));
}

function amongFirst({ query, where, count }: Search): SQL {
  return sql`(
    select id
    from (select id, name, words from ${products} where ${where} order by name, id limit ${LOOKED_AT_MAX}) as first
    where words @@ ${query}::tsquery
    order by name, id
    limit ${count}
  )`;
}

/** Apart from what else has to hold, for which there is another index, that of the whole catalogue. */
function byIndex({ query, where, count }: Search): SQL {
  return sql`(
    select id
    from (select * from ${products} where words @@ ${query}::tsquery offset 0) as products
    where ${where}
    order by name, id
    limit ${count}
  )`;
}

interface Search {
  readonly query: string;
  /** What else has to hold. */
  readonly where: SQL | undefined;
  readonly count: number;
}

/** A few milliseconds of reading. */
const LOOKED_AT_MAX = 1_000;
