import { and, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { products } from "../../drizzle/schema/index.ts";
import type { ListAllProductsInput, StaffProduct } from "../../shared/products.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, isStorable, type Page, page } from "../database/paging.ts";
import { isoTime, storedTimeSchema } from "../database/times.ts";
import { readStaffProducts } from "./read-staff-products.ts";
import { amongFirst, byIndex, inOrder, type ProductOrder, searchQueryOf } from "./search-products.ts";

/**
 * All products, also those that were withdrawn or are in sales only, page by page. An order has an index, but for that by
 * units, which counts those of every product (0.4 s for 100,000: an index would have to follow each order); what a filter
 * finds rarely takes one pass through the products.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listAllProducts({ db }: Database, input: ListAllProductsInput): Promise<Page<StaffProduct>> {
  const { sort, descending, show, search, limit } = input;
  const order: ProductOrder = { ...SORTS[sort], isDescending: descending };
  const after = decodeCursor(input.cursor, CURSORS[sort]);
  const where = and(show && SHOWN[show], after && comesAfter(order, SORTS[sort].type, after));
  const found = await findIds(db, { search, where, order, count: limit + 1 });
  const rows = await readStaffProducts(db, found);
  const { items, nextCursor } = page(rows, limit, (row) => encodeCursor([keyOf(row, sort), row.id]));
  return { items: items.map((row) => ({ ...row, createdAt: isoTime(row.createdAt) })), nextCursor };
}

type Sort = ListAllProductsInput["sort"];

const SORTS: Record<Sort, { by: SQL; join: SQL; type: SQL }> = {
  name: { by: sql`${products.name}`, join: sql``, type: sql`text` },
  price: { by: sql`${products.priceCents}`, join: sql``, type: sql`bigint` },
  created: { by: sql`${products.createdAt}`, join: sql``, type: sql`timestamptz` },
  units: {
    by: sql`coalesce(kept.units, 0)`,
    join: sql`
      left join lateral (select sum(units) as units from inventory where inventory.product_id = products.id) as kept
        on true`,
    type: sql`bigint`,
  },
};

const CURSORS: Record<Sort, z.ZodType<[string | number, number]>> = {
  name: z.tuple([z.string().refine(isStorable), z.int()]),
  price: z.tuple([z.int(), z.int()]),
  created: z.tuple([storedTimeSchema, z.int()]),
  units: z.tuple([z.int(), z.int()]),
};

const SHOWN: Record<NonNullable<ListAllProductsInput["show"]>, SQL> = {
  available: sql`${products.available} and not ${products.onlyInSales}`,
  withdrawn: sql`not ${products.available}`,
  onlyInSales: sql`${products.onlyInSales}`,
  outOfStock: sql`not exists (select from inventory where inventory.product_id = products.id and inventory.units > 0)`,
};

function comesAfter({ by, isDescending }: ProductOrder, type: SQL, [key, id]: [string | number, number]): SQL {
  const position = sql`(${key}::${type}, ${id}::bigint)`;
  return isDescending ? sql`(${by}, ${products.id}) < ${position}` : sql`(${by}, ${products.id}) > ${position}`;
}

/** In the order of the list. */
async function findIds(db: Database["db"], { search, where, order, count }: Wanted): Promise<number[]> {
  const query = search ? await searchQueryOf(db, search) : null;
  const read = async (ids: SQL) => (await db.execute<{ id: number }>(ids)).map(({ id }) => id);
  if (query === null) {
    return read(sql`
      select ${products.id}
      from ${products} ${order.join}
      where ${where ?? sql`true`}
      order by ${inOrder(order.by, order)}, ${inOrder(products.id, order)}
      limit ${count}`);
  }
  const first = await read(amongFirst({ query, where, order, count }));
  return first.length === count ? first : read(byIndex({ query, where, order, count }));
}

function keyOf(row: StaffProduct, sort: Sort): string | number {
  return { name: row.name, price: row.priceCents, created: row.createdAt, units: row.units }[sort];
}

interface Wanted {
  readonly search: string | undefined;
  readonly where: SQL | undefined;
  readonly order: ProductOrder;
  readonly count: number;
}
