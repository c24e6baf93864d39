import { and, eq } from "drizzle-orm";
import { accounts, sessions, users } from "../../drizzle/schema/index.ts";
import type { Database } from "../database/database.ts";

/**
 * Whether a session that was just begun may be given to who signed in: the password that was verified is still theirs, and
 * they are active. If not, it is ended. A change of either that is under way is waited for; one that comes later finds the
 * session and ends it, since it changes these rows before it ends sessions.
 */
export async function confirmSession(
  database: Database,
  { userId, token, passwordHash }: { userId: string; token: string; passwordHash: string },
): Promise<boolean> {
  return database.withTransaction(
    async (tx) => {
      const held = await tx
        .select({ id: users.id })
        .from(users)
        .innerJoin(accounts, and(eq(accounts.userId, users.id), eq(accounts.providerId, "credential")))
        .where(and(eq(users.id, userId), users.active, eq(accounts.password, passwordHash)))
        .for("share");
      if (held.length === 0) await tx.delete(sessions).where(eq(sessions.token, token));
      return held.length > 0;
    },
    { name: "confirm-session" },
  );
}
