import { eq } from "drizzle-orm";
import { users, wallets } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { User } from "../../shared/users.ts";
import type { Database, Tx } from "../database/database.ts";
import { isoTime } from "../database/times.ts";

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

/** What is selected of a user, joined with their wallet. */
export const userColumns = {
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  mayMoveMoney: users.mayMoveMoney,
  active: users.active,
  createdAt: users.createdAt,
  balanceCents: wallets.balanceCents,
};

/** A user as operators see them: nothing here helps to sign in as that user. */
export function userOf({ createdAt, ...user }: UserRow): User {
  return { ...user, createdAt: isoTime(createdAt) };
}

type UserRow = Omit<User, "createdAt"> & { createdAt: Date };
