import { recordAudit } from "../audit/record.ts";
import type { Database } from "../database/database.ts";

/**
 * Records that an operator signed in, and from where: whatever is done with that session stands in the audit log too.
 * Failed sign-ins are for the log of the process, since anybody can make them by the million.
 */
export async function auditSignIn(
  database: Database,
  { userId, network }: { userId: string; network: string },
): Promise<void> {
  await database.withTransaction(
    (tx) =>
      recordAudit(tx, {
        actorKind: "person",
        actorId: userId,
        action: "users.signIn",
        subject: `user:${userId}`,
        details: { network },
      }),
    { name: "users.signIn" },
  );
}
