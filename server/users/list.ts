import { and, asc, eq, gt, ilike, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { purchaseAttempts, users, wallets } from "../../drizzle/schema/index.ts";
import { uuidSchema } from "../../shared/primitives.ts";
import type { ListUsersInput, User } from "../../shared/users.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, isStorable, type Page, page } from "../paging.ts";
import { userColumns, userOf } from "./user-row.ts";

/**
 * Everybody who can sign in, by e-mail address, page by page; on request only those whose name or address holds
 * `search`, whatever the case, or the one whose id it is, or that of a purchase of theirs.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listUsers(database: Database, { cursor, limit, search }: ListUsersInput): Promise<Page<User>> {
  const [after] = decodeCursor(cursor, cursorSchema) ?? [];
  const rows = await database.db
    .select(userColumns)
    .from(users)
    .innerJoin(wallets, eq(wallets.userId, users.id))
    .where(and(after === undefined ? undefined : gt(users.email, after), search ? holds(search) : undefined))
    .orderBy(asc(users.email))
    .limit(limit + 1);
  return page(rows.map(userOf), limit, (user) => encodeCursor([user.email]));
}

/** The address of the last user of a page; no two users share one. */
const cursorSchema = z.tuple([z.string().refine(isStorable)]);

function holds(search: string): SQL | undefined {
  const id = uuidSchema.safeParse(search.trim());
  if (id.success) {
    const buyer = sql`select user_id from ${purchaseAttempts} where ${eq(purchaseAttempts.id, id.data)}`;
    return or(eq(users.id, id.data), sql`${users.id} = (${buyer})`);
  }
  const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  return or(ilike(users.name, pattern), ilike(users.email, pattern));
}
