import { asc, inArray } from "drizzle-orm";
import { wallets } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { User } from "../../shared/users.ts";
import type { Tx } from "../database/database.ts";
import { userById } from "./by-id.ts";

/**
 * Locks whoever changes somebody's account and that somebody, by their wallets: a purchase holds its buyer's until it
 * commits, so this waits for those under way. Of two operators who take each other's role at once the second is no
 * operator any more by the time it is their turn. As nobody changes their own role and whoever changes another's is an
 * operator until that is done, the shop never loses its last one, however many do it at once.
 *
 * @throws Fault NOT_FOUND
 */
export async function lockPeople(
  tx: Tx,
  { userId, actorId }: { userId: string; actorId: string },
): Promise<LockedPeople> {
  await tx
    .select({ userId: wallets.userId })
    .from(wallets)
    .where(inArray(wallets.userId, [userId, actorId]))
    .orderBy(asc(wallets.userId))
    .for("update");
  return { user: await userById(tx, userId), actor: await userById(tx, actorId) };
}

/** @throws Fault FORBIDDEN when whoever asks has been deactivated or is no operator any more */
export function stillOperator({ active, role }: User): void {
  if (!active || role !== "operator") throw new Fault("FORBIDDEN");
}

interface LockedPeople {
  readonly user: User;
  readonly actor: User;
}
