import { and, eq, sql } from "drizzle-orm";
import { accounts, sessions, users } from "../../drizzle/schema/index.ts";
import type { UserRole } from "../../shared/users.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database, Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { openWallets } from "../wallets/open-wallets.ts";
import { revokeLostKeys } from "./keys/revoke-lost.ts";
import { hashPassword } from "./passwords.ts";

/**
 * Makes somebody who can sign in with a password, with money from the start if told so. Does nothing when there is such
 * an account already.
 *
 * @param by whom the audit log names
 * @returns the new user's id, or undefined when the e-mail address is taken
 */
export async function createUser(database: Database, user: NewUser, by: RoleGiver): Promise<string | undefined> {
  const password = await hashPassword(user.password);
  const id = newUuid();
  return database.withTransaction(
    async (tx) => {
      const made = await tx
        .insert(users)
        .values({ id, name: user.name, email: user.email, ...rightsOf(user.role) })
        .onConflictDoNothing({ target: users.email })
        .returning({ id: users.id });
      if (made.length === 0) return undefined;
      // The form that better-auth looks for at sign-in.
      await tx
        .insert(accounts)
        .values({ id: newUuid(), userId: id, accountId: id, providerId: "credential", password });
      if (user.openingCents !== undefined) await openWallets(tx, [id], user.openingCents);
      if (user.role !== "buyer") await auditRole(tx, id, { by, before: undefined, after: user.role });
      return id;
    },
    { name: "create-user" },
  );
}

/**
 * Gives a user another role and password, and ends all their sessions, and for good the keys that the role may not have.
 *
 * @param announce tells the running processes of it, as part of the transaction
 */
export async function changeUser(
  database: Database,
  user: NewUser,
  announce: (tx: Tx, userId: string) => Promise<void>,
): Promise<string> {
  const password = await hashPassword(user.password);
  return database.withTransaction(
    async (tx) => {
      const [before] = await tx
        .select({ id: users.id, role: users.role })
        .from(users)
        .where(eq(users.email, user.email))
        .for("update");
      if (!before) throw new Error(`no user has the e-mail address ${user.email}`);
      const { id } = before;
      await tx
        .update(users)
        .set({ ...rightsOf(user.role), updatedAt: sql`now()` })
        .where(eq(users.id, id));
      const ofPassword = and(eq(accounts.userId, id), eq(accounts.providerId, "credential"));
      await tx.update(accounts).set({ password, updatedAt: sql`now()` }).where(ofPassword);
      await tx.delete(sessions).where(eq(sessions.userId, id));
      await revokeLostKeys(tx, id, { actorKind: "cli", actorId: null, reason: undefined });
      await announce(tx, id);
      await auditRole(tx, id, { by: "cli", before: before.role, after: user.role });
      return id;
    },
    { name: "change-user" },
  );
}

async function auditRole(
  tx: Tx,
  userId: string,
  roles: { by: RoleGiver; before: UserRole | undefined; after: UserRole },
): Promise<void> {
  const { by, before, after } = roles;
  await recordAudit(tx, {
    actorKind: by,
    actorId: null,
    action: "users.setRole",
    subject: `user:${userId}`,
    details: { ...(before && { before: { role: before } }), after: rightsOf(after), passwordSet: true },
  });
}

/** Whoever has the command line may make anybody anything: an operator made there may do all that operators can. */
function rightsOf(role: UserRole): { role: UserRole; mayMoveMoney: boolean } {
  return { role, mayMoveMoney: role === "operator" };
}

/** Nobody is signed in at the command line; the system makes the demo accounts. */
type RoleGiver = "cli" | "system";

export interface NewUser {
  /** Lower case. */
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: UserRole;
  /** What the wallet holds at first, in minor units; absent: nothing. */
  readonly openingCents?: number;
}
