import { gt } from "drizzle-orm";
import { z } from "zod";
import { warehouses } from "../../../drizzle/schema/index.ts";
import { idSchema, type PageInput } from "../../../shared/primitives.ts";
import type { Warehouse } from "../../../shared/warehouses.ts";
import type { Database } from "../../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../../database/paging.ts";
import { readWarehouses } from "./read-warehouses.ts";

/**
 * Warehouses with how much is in them, page by page; first the one that stands in where none is named.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listWarehouses({ db }: Database, { cursor, limit }: PageInput): Promise<Page<Warehouse>> {
  const [afterId] = decodeCursor(cursor, z.tuple([idSchema])) ?? [];
  const where = afterId === undefined ? undefined : gt(warehouses.id, afterId);
  const rows = await readWarehouses(db, { where, limit: limit + 1 });
  return page(rows, limit, ({ id }) => encodeCursor([id]));
}
