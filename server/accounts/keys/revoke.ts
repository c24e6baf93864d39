import { and, eq, isNull, sql } from "drizzle-orm";
import { apiKeys } from "../../../drizzle/schema/index.ts";
import { Fault } from "../../../shared/faults.ts";
import type { RevokeKeyInput } from "../../../shared/keys.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Database } from "../../database/database.ts";
import type { Sessions } from "../sessions.ts";

/**
 * Ends a key for good, at once on every process, whosever it is. `changed` is false where it was revoked before; then
 * nothing is written down.
 *
 * @throws Fault NOT_FOUND
 */
export async function revokeKey(
  { database, sessions }: { database: Database; sessions: Pick<Sessions, "announce" | "forgetUser"> },
  actorId: string,
  { keyId, reason }: RevokeKeyInput,
): Promise<{ changed: boolean }> {
  const { ownerId, changed } = await database.withTransaction(
    async (tx) => {
      const [key] = await tx.select({ ownerId: apiKeys.ownerId }).from(apiKeys).where(eq(apiKeys.id, keyId));
      if (!key) throw new Fault("NOT_FOUND", "There is no such key.");
      const revoked = await tx
        .update(apiKeys)
        .set({ revokedAt: sql`statement_timestamp()` })
        .where(and(eq(apiKeys.id, keyId), isNull(apiKeys.revokedAt)))
        .returning({ name: apiKeys.name });
      const [{ name } = { name: "" }] = revoked;
      if (revoked.length > 0) {
        await recordAudit(tx, {
          actorKind: "person",
          actorId,
          action: "keys.revoke",
          subject: `key:${keyId}`,
          details: { name, ownerId: key.ownerId, reason },
        });
        await sessions.announce(tx, key.ownerId);
      }
      return { ownerId: key.ownerId, changed: revoked.length > 0 };
    },
    { name: "keys.revoke" },
  );
  sessions.forgetUser(ownerId);
  return { changed };
}
