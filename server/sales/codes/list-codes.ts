import { and, asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { accessCodes } from "../../../drizzle/schema/index.ts";
import type { AccessCode, ListCodesInput } from "../../../shared/access-codes.ts";
import type { Database } from "../../database/database.ts";
import { decodeCursor, encodeCursor, isStorable, type Page, page } from "../../database/paging.ts";
import { isoTime } from "../../database/times.ts";

/** The codes of a sale in the order of their letters, removed ones among them. */
export async function listCodes(
  { db }: Database,
  { saleId, cursor, limit }: ListCodesInput,
): Promise<Page<AccessCode>> {
  const [after] = decodeCursor(cursor, cursorSchema) ?? [];
  const rows = await db
    .select(CODE_COLUMNS)
    .from(accessCodes)
    .where(and(eq(accessCodes.saleId, saleId), after === undefined ? undefined : sql`${accessCodes.code} > ${after}`))
    .orderBy(asc(accessCodes.code))
    .limit(limit + 1);
  return page(rows.map(codeOf), limit, ({ code }) => encodeCursor([code]));
}

const cursorSchema = z.tuple([z.string().refine(isStorable)]);

export const CODE_COLUMNS = {
  codeId: accessCodes.id,
  code: accessCodes.code,
  uses: accessCodes.uses,
  usesMax: accessCodes.usesMax,
  createdAt: accessCodes.createdAt,
  removedAt: accessCodes.removedAt,
};

export function codeOf(row: AccessCode): AccessCode {
  return {
    ...row,
    createdAt: isoTime(row.createdAt),
    removedAt: row.removedAt === null ? null : isoTime(row.removedAt),
  };
}
