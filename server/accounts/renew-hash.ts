import { and, eq, sql } from "drizzle-orm";
import { accounts, users } from "../../drizzle/schema/index.ts";
import type { Database } from "../database/database.ts";

/**
 * Replaces the hash that a password was just verified by. Does nothing where another one stands by now: the password may
 * have been changed meanwhile.
 */
export async function renewHash(
  database: Database,
  { email, from, to }: { email: string; from: string; to: string },
): Promise<void> {
  await database.db
    .update(accounts)
    .set({ password: to, updatedAt: sql`now()` })
    .from(users)
    .where(
      and(
        eq(users.email, email),
        eq(accounts.userId, users.id),
        eq(accounts.providerId, "credential"),
        eq(accounts.password, from),
      ),
    );
}
