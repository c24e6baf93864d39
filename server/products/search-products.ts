import { type SQL, sql } from "drizzle-orm";
import { products } from "../../drizzle/schema/index.ts";
import type { Database } from "../database/database.ts";

/** The words of a search as the database compares them; null where it holds none, and then it leaves nothing out. */
export async function searchQueryOf(db: Database["db"], search: string): Promise<string | null> {
  const [row] = await db.execute<{ query: string | null }>(sql`select search_query(${search})::text as query`);
  return row?.query ?? null;
}

/*
 * What common words find is soon met in the order of the list, and by their index one would have to sort half of the
 * catalogue; what is rare is found by the index at once. So the first are looked at, and only where they do not fill the
 * page, the index is asked.
 */

/** The ids of those that are found among the first few in this order. */
export function amongFirst({ query, where, order, count }: ProductSearch): SQL {
  return sql`(
    select id
    from (
      select ${products.id} as id, ${order.by} as position, ${products.words} as words
      from ${products} ${order.join}
      where ${where ?? sql`true`}
      order by ${inOrder(order.by, order)}, ${inOrder(products.id, order)}
      limit ${LOOKED_AT_MAX}
    ) as first
    where words @@ ${query}::tsquery
    order by ${inOrder(sql`position`, order)}, ${inOrder(sql`id`, order)}
    limit ${count}
  )`;
}

/** The ids of the first that are found at all. Apart from what else has to hold, for which there are other indexes. */
export function byIndex({ query, where, order, count }: ProductSearch): SQL {
  return sql`(
    select ${products.id}
    from (select * from ${products} where words @@ ${query}::tsquery offset 0) as products ${order.join}
    where ${where ?? sql`true`}
    order by ${inOrder(order.by, order)}, ${inOrder(products.id, order)}
    limit ${count}
  )`;
}

/** One of the two keys of an order, the second of which is the id. */
export function inOrder(key: SQL | typeof products.id, { isDescending }: ProductOrder): SQL {
  return isDescending ? sql`${key} desc` : sql`${key}`;
}

/** Of products, then by id. */
export interface ProductOrder {
  readonly by: SQL;
  /** What `by` reads besides the products. */
  readonly join: SQL;
  readonly isDescending: boolean;
}

export interface ProductSearch {
  readonly query: string;
  /** What else has to hold. */
  readonly where: SQL | undefined;
  readonly order: ProductOrder;
  readonly count: number;
}

/** A few milliseconds of reading. */
const LOOKED_AT_MAX = 1_000;
