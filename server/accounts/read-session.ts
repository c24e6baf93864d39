import { eq } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema/index.ts";
import type { Database } from "../database/database.ts";

/**
 * A session and its user as better-auth's `get-session` answers them, in one read apart from the purchases' connections.
 * The token is left out: the page's scripts have no use for it. Whether the session is valid, `sessions.ts` decides.
 */
export async function readSession(publicReads: Database, token: string | undefined): Promise<SessionAnswer | null> {
  if (token === undefined) return null;
  const [found] = await publicReads.db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.token, token));
  if (!found) return null;
  const { token: _token, ...session } = found.session;
  return { session, user: found.user };
}

interface SessionAnswer {
  readonly session: Omit<typeof sessions.$inferSelect, "token">;
  readonly user: typeof users.$inferSelect;
}
