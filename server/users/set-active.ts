import { eq, sql } from "drizzle-orm";
import { users } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { SetActiveInput, SetActiveResult } from "../../shared/users.ts";
import { revokeLostKeys } from "../accounts/keys/revoke-lost.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database, Tx } from "../database/database.ts";
import { lockPeople, stillOperator } from "./lock-people.ts";

/**
 * Lets a user buy, or no longer. Deactivating ends their sessions, and the keys of their programs for good; once it is answered, no further purchase of theirs is
 * decided as bought. A user who is so already is answered as they are (`changed: false`), and nothing is
 * written down.
 *
 * @throws Fault NOT_FOUND; FORBIDDEN when whoever asks has been deactivated meanwhile; NOT_ALLOWED_NOW when an operator means to deactivate themself
 */
export async function setActive(
  { database, sessions }: UserServices,
  actorId: string,
  input: SetActiveInput,
): Promise<SetActiveResult> {
  const { userId, active } = input;
  if (userId === actorId && !active) throw new Fault("NOT_ALLOWED_NOW", "You cannot deactivate your own account.");
  const result = await database.withTransaction(
    async (tx) => {
      const changed = await change(tx, actorId, input);
      if (changed.changed && !active) {
        await revokeLostKeys(tx, userId, { actorKind: "person", actorId, reason: input.reason });
        await sessions.endAll(tx, userId);
      }
      return changed;
    },
    { name: "users.setActive" },
  );
  sessions.forgetUser(userId);
  return result;
}

export interface UserServices {
  readonly database: Database;
  readonly sessions: {
    endAll(tx: Tx, userId: string): Promise<void>;
    announce(tx: Tx, userId: string): Promise<void>;
    forgetUser(userId: string): void;
  };
}

async function change(tx: Tx, actorId: string, { userId, active, reason }: SetActiveInput): Promise<SetActiveResult> {
  const { user: before, actor } = await lockPeople(tx, { userId, actorId });
  if (before.active === active) return { ...before, changed: false };
  stillOperator(actor);

  await tx.update(users).set({ active, updatedAt: sql`statement_timestamp()` }).where(eq(users.id, userId));
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "users.setActive",
    subject: `user:${userId}`,
    details: { before: { active: before.active }, after: { active }, ...(reason !== undefined && { reason }) },
  });
  return { ...before, active, changed: true };
}
