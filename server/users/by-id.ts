import { eq } from "drizzle-orm";
import { users, wallets } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { User } from "../../shared/users.ts";
import type { Database, Tx } from "../database/database.ts";
import { userColumns, userOf } from "./user-row.ts";

/**
 * One user with the balance of their wallet.
 *
 * @param db the database, or the transaction whose own changes the answer is to show
 * @throws Fault NOT_FOUND
 */
export async function userById(db: Database["db"] | Tx, userId: string): Promise<User> {
  const [row] = await db
    .select(userColumns)
    .from(users)
    .innerJoin(wallets, eq(wallets.userId, users.id))
    .where(eq(users.id, userId));
  if (!row) throw new Fault("NOT_FOUND", "There is no user with this id.");
  return userOf(row);
}
