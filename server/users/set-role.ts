import { eq, sql } from "drizzle-orm";
import { users } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { SetRoleInput, SetRoleResult } from "../../shared/users.ts";
import { revokeLostKeys } from "../accounts/keys/revoke-lost.ts";
import { recordAudit } from "../audit/record.ts";
import type { Tx } from "../database/database.ts";
import { lockPeople, stillOperator } from "./lock-people.ts";
import type { UserServices } from "./set-active.ts";

/**
 * Makes somebody a buyer, an auditor or an operator, and gives an operator the right to move money or takes it back. It
 * takes effect at once in all their sessions, on every process, and keys that they may not have any more end for good. A user who has these rights already is answered as they
 * are (`changed: false`), and nothing is written down.
 *
 * The password is not asked for again: what a stolen session could do it does by other buttons as well (refunds,
 * cancellations), all of it is in the audit log, and whoever finds it there takes it back here.
 *
 * @throws Fault NOT_FOUND; NOT_ALLOWED_NOW for one's own role; FORBIDDEN for whoever is no operator any more, or gives or
 * takes a right that they lack
 */
export async function setRole(
  { database, sessions }: UserServices,
  actorId: string,
  input: SetRoleInput,
): Promise<SetRoleResult> {
  const { userId } = input;
  if (userId === actorId) throw new Fault("NOT_ALLOWED_NOW", "You cannot change your own role or rights.");
  const result = await database.withTransaction(
    async (tx) => {
      const changed = await change(tx, actorId, input);
      if (changed.changed) {
        await revokeLostKeys(tx, userId, { actorKind: "person", actorId, reason: input.reason });
        await sessions.announce(tx, userId);
      }
      return changed;
    },
    { name: "users.setRole" },
  );
  sessions.forgetUser(userId);
  return result;
}

async function change(tx: Tx, actorId: string, input: SetRoleInput): Promise<SetRoleResult> {
  const { userId, role, mayMoveMoney, reason } = input;
  const { user: before, actor } = await lockPeople(tx, { userId, actorId });
  if (before.role === role && before.mayMoveMoney === mayMoveMoney) return { ...before, changed: false };
  stillOperator(actor);
  // So the last of them keeps it, as the last operator stays one.
  if (mayMoveMoney !== before.mayMoveMoney && !actor.mayMoveMoney)
    throw new Fault("FORBIDDEN", "Only who may move money can give that right or take it.");

  const after = { role, mayMoveMoney };
  await tx
    .update(users)
    .set({ ...after, updatedAt: sql`statement_timestamp()` })
    .where(eq(users.id, userId));
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "users.setRole",
    subject: `user:${userId}`,
    details: { before: { role: before.role, mayMoveMoney: before.mayMoveMoney }, after, reason },
  });
  return { ...before, ...after, changed: true };
}
