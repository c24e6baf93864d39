import { and, eq } from "drizzle-orm";
import { sessions as sessionRows } from "../../drizzle/schema/index.ts";
import type { SignOutInput } from "../../shared/users.ts";
import { recordAudit } from "../audit/record.ts";
import type { Tx } from "../database/database.ts";
import { lockPeople, stillOperator } from "./lock-people.ts";
import type { UserServices } from "./set-active.ts";

/**
 * An operator ends somebody's session, or all of them, on every process at once. They may sign in again. Where there was
 * none, nothing is written down.
 *
 * @throws Fault NOT_FOUND; FORBIDDEN for whoever is no operator any more
 */
export async function signOutUser(
  { database, sessions }: UserServices,
  actorId: string,
  input: SignOutInput,
): Promise<{ ended: number }> {
  const { userId } = input;
  const ended = await database.withTransaction(
    async (tx) => {
      stillOperator((await lockPeople(tx, { userId, actorId })).actor);
      const count = await end(tx, actorId, input);
      await sessions.announce(tx, userId);
      return count;
    },
    { name: "users.signOut" },
  );
  sessions.forgetUser(userId);
  return { ended };
}

async function end(tx: Tx, actorId: string, { userId, sessionId, reason }: SignOutInput): Promise<number> {
  const ofUser = eq(sessionRows.userId, userId);
  const meant = sessionId === undefined ? ofUser : and(ofUser, eq(sessionRows.id, sessionId));
  const ended = await tx.delete(sessionRows).where(meant).returning({ id: sessionRows.id });
  if (ended.length === 0) return 0;
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "users.signOut",
    subject: `user:${userId}`,
    details: { sessions: ended.length, all: sessionId === undefined, reason },
  });
  return ended.length;
}
