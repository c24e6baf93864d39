import { and, eq, sql } from "drizzle-orm";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { accounts, users } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { ChangePasswordInput } from "../../shared/rest.ts";
import type { Database } from "../database/database.ts";
import { invalidInput } from "../http/faults.ts";
import { SecurityFault } from "../http/security-log.ts";
import { network } from "../settings/addresses.ts";
import type { BegunSession } from "./auth.ts";
import { hashPassword } from "./passwords.ts";
import type { Sessions } from "./sessions.ts";
import { type SignInNeeds, signIn } from "./sign-in.ts";
import { weakPasswordProblem } from "./weak-password.ts";

/**
 * Gives somebody another password. Whoever asks has to know the old one, and is slowed down as at sign-in. The session that
 * begins takes the place of all others, which may be those of whoever the password was changed for.
 *
 * @throws Fault INVALID_INPUT for a wrong password, or a new one that would be guessed soon; RATE_LIMITED, OVERLOADED,
 * CUSTOMER_INACTIVE
 */
export async function changePassword(
  { database, sessions, ...needs }: ChangePasswordNeeds,
  userId: string,
  input: ChangePasswordInput,
  request: FastifyRequest,
): Promise<BegunSession & { readonly email: string }> {
  const [user] = await database.db
    .select({ email: users.email, name: users.name })
    .from(users)
    .where(eq(users.id, userId));
  if (!user) throw new Fault("UNAUTHENTICATED");
  const { email, name } = user;
  needs.limits.takeSignInToken(request.ip);
  const password = await needs.auth.inTurn(network(request.ip), async () => {
    const weakness = await weakPasswordProblem({ email, name, password: input.newPassword });
    if (weakness !== undefined) throw problem("newPassword", weakness);
    return hashPassword(input.newPassword);
  });
  const session = await signIn(needs, { email, password: input.currentPassword }, request).catch((error: unknown) => {
    if (!(error instanceof SecurityFault) || error.code !== "UNAUTHENTICATED") throw error;
    // The session is good: nobody must take this for its end.
    const { code, message, cause } = wrongPassword();
    throw new SecurityFault(error.event, error.details, { code, message, cause });
  });
  await database.withTransaction(
    async (tx) => {
      const changed = await tx
        .update(accounts)
        .set({ password, updatedAt: sql`statement_timestamp()` })
        .where(and(eq(accounts.userId, userId), eq(accounts.password, session.passwordHash)))
        .returning({ id: accounts.id });
      // Somebody else who knew it was first.
      if (changed.length === 0) throw wrongPassword();
      await sessions.endAll(tx, userId, session.body.token);
    },
    { name: "change-password" },
  );
  sessions.forgetUser(userId);
  return { ...session, email };
}

function wrongPassword(): Fault {
  return problem("currentPassword", "This is not your password.");
}

function problem(field: keyof ChangePasswordInput, message: string): Fault {
  return invalidInput(new z.ZodError([{ code: "custom", path: [field], message, input: undefined }]));
}

interface ChangePasswordNeeds extends SignInNeeds {
  readonly database: Database;
  readonly sessions: Pick<Sessions, "endAll" | "forgetUser">;
}
