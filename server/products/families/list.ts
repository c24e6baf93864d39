import { and, sql } from "drizzle-orm";
import { z } from "zod";
import { families } from "../../../drizzle/schema/index.ts";
import type { Family, ListFamiliesInput } from "../../../shared/families.ts";
import type { Database } from "../../database/database.ts";
import { decodeCursor, encodeCursor, isStorable, type Page, page } from "../../database/paging.ts";
import { readFamilies } from "./read-families.ts";

/**
 * Families with their products, by name, page by page; on request those whose name holds `search`, whatever its case.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listFamilies(
  { db }: Database,
  { cursor, limit, search }: ListFamiliesInput,
): Promise<Page<Family>> {
  const [afterName, afterId] = decodeCursor(cursor, cursorSchema) ?? [];
  const pattern = `%${(search ?? "").replace(/[\\%_]/g, "\\$&")}%`;
  const where = and(
    search ? sql`lower(${families.name}) like lower(${pattern})` : undefined,
    afterName === undefined
      ? undefined
      : sql`(${families.name}, ${families.id}) > (${afterName}::text, ${afterId}::bigint)`,
  );
  const rows = await readFamilies(db, { where, limit: limit + 1 });
  return page(rows, limit, ({ name, id }) => encodeCursor([name, id]));
}

const cursorSchema = z.tuple([z.string().refine(isStorable), z.int()]);
