import { and, eq, exists, ne, type SQL } from "drizzle-orm";
import { sessions as sessionRows } from "../../drizzle/schema/index.ts";
import type { EndMySessionsInput, SignOutInput } from "../../shared/users.ts";
import { recordAudit } from "../audit/record.ts";
import type { Tx } from "../database/database.ts";
import type { Limits } from "../http/rate-limits.ts";
import { lockPeople, stillOperator } from "./lock-people.ts";
import type { UserServices } from "./set-active.ts";

/**
 * An operator ends somebody's session, or all of them, on every process at once. They may sign in again. Where there was
 * none, nothing is written down.
 *
 * @throws Fault NOT_FOUND; FORBIDDEN for whoever is no operator any more
 */
export function signOutUser(services: UserServices, actorId: string, input: SignOutInput): Promise<{ ended: number }> {
  return endSessions(services, actorId, input, async (tx) => {
    stillOperator((await lockPeople(tx, { userId: input.userId, actorId })).actor);
  });
}

/**
 * Somebody ends a session of their own, or all others. The password is not asked for: nobody gains anything by it, and who
 * has lost a device is in a hurry.
 *
 * @throws Fault RATE_LIMITED
 */
export async function endMySessions(
  services: UserServices & { readonly limits: Pick<Limits, "takeTokens"> },
  { userId, address }: { userId: string; address: string },
  input: EndMySessionsInput,
): Promise<{ ended: number }> {
  services.limits.takeTokens({ userId, address }, 1);
  return endSessions(services, userId, { ...input, userId });
}

async function endSessions(
  { database, sessions }: UserServices,
  actorId: string,
  input: Ended,
  check?: (tx: Tx) => Promise<void>,
): Promise<{ ended: number }> {
  const { userId } = input;
  const ended = await database.withTransaction(
    async (tx) => {
      await check?.(tx);
      const count = await end(tx, actorId, input);
      await sessions.announce(tx, userId);
      return count;
    },
    { name: "users.signOut" },
  );
  sessions.forgetUser(userId);
  return { ended };
}

/** All of a user's where none is named; with `others`, all but the one that is named. */
interface Ended {
  readonly userId: string;
  readonly sessionId?: string | undefined;
  readonly others?: boolean;
  readonly reason?: string;
}

async function end(tx: Tx, actorId: string, input: Ended): Promise<number> {
  const { userId, sessionId, others, reason } = input;
  const ended = await tx.delete(sessionRows).where(meant(tx, input)).returning({ id: sessionRows.id });
  if (ended.length === 0) return 0;
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "users.signOut",
    subject: `user:${userId}`,
    details: {
      sessions: ended.length,
      all: sessionId === undefined,
      ...(others && { others }),
      ...(reason && { reason }),
    },
  });
  return ended.length;
}

function meant(tx: Tx, { userId, sessionId, others }: Ended): SQL | undefined {
  const ofUser = eq(sessionRows.userId, userId);
  if (sessionId === undefined) return ofUser;
  const named = eq(sessionRows.id, sessionId);
  if (!others) return and(ofUser, named);
  // A wrong id must not end all of them, the one that asks included.
  return and(ofUser, ne(sessionRows.id, sessionId), exists(tx.select().from(sessionRows).where(and(ofUser, named))));
}
