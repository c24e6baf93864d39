import { and, eq, isNull, sql } from "drizzle-orm";
import { apiKeys, users } from "../../../drizzle/schema/index.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Tx } from "../../database/database.ts";

/**
 * Ends for good the keys that somebody may not have any more: all of them once they are deactivated or no operator, those that
 * move money once their owner may not. A right that is given again wakes none. To be called in the transaction that has
 * changed these rights: a key that is being made meanwhile is made before that, or not at all.
 */
export async function revokeLostKeys(tx: Tx, ownerId: string, by: RightsChanger): Promise<void> {
  const revoked = await tx
    .update(apiKeys)
    .set({ revokedAt: sql`statement_timestamp()` })
    .from(users)
    .where(and(eq(apiKeys.ownerId, users.id), eq(users.id, ownerId), isNull(apiKeys.revokedAt), mayNotHave))
    .returning({ id: apiKeys.id, name: apiKeys.name });
  for (const { id, name } of revoked) {
    const { reason, ...actor } = by;
    await recordAudit(tx, {
      ...actor,
      action: "keys.revoke",
      subject: `key:${id}`,
      details: { name, ownerId, reason },
    });
  }
}

const mayNotHave = sql`(
  not ${users.active} or ${users.role} <> 'operator' or (not ${users.mayMoveMoney} and 'money' = any(${apiKeys.scopes}))
)`;

type RightsChanger = { readonly reason: string | undefined } & (
  | { readonly actorKind: "person"; readonly actorId: string }
  | { readonly actorKind: "cli"; readonly actorId: null }
);
