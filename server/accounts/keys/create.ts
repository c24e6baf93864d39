import { createHash, randomBytes } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { apiKeys, users } from "../../../drizzle/schema/index.ts";
import { Fault } from "../../../shared/faults.ts";
import { type CreateKeyInput, KEY_PREFIX } from "../../../shared/keys.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Database } from "../../database/database.ts";
import { newUuid } from "../../database/new-uuid.ts";

/**
 * Makes a key for a program, which acts as its owner within its scopes. The answer is the only one that ever has it.
 *
 * @throws Fault FORBIDDEN for the scope `money` of an owner who may not move money, or who is no operator any more;
 * NOT_ALLOWED_NOW where they have too many
 */
export async function createKey(
  database: Database,
  ownerId: string,
  input: CreateKeyInput,
): Promise<{ keyId: string; key: string }> {
  const keyId = newUuid();
  const key = `${KEY_PREFIX}${randomBytes(KEY_BYTES).toString("base64url")}`;
  const { name, scopes, expiresAt = null } = input;
  await database.withTransaction(
    async (tx) => {
      const [owner] = await tx.select().from(users).where(eq(users.id, ownerId)).for("update");
      if (!owner?.active || owner.role !== "operator") throw new Fault("FORBIDDEN");
      if (scopes.includes("money") && !owner.mayMoveMoney)
        throw new Fault("FORBIDDEN", "A key can move money only where its owner may.");
      const own = await tx
        .select({ id: apiKeys.id })
        .from(apiKeys)
        .where(and(eq(apiKeys.ownerId, ownerId), isNull(apiKeys.revokedAt)))
        .limit(KEYS_MAX);
      if (own.length === KEYS_MAX)
        throw new Fault("NOT_ALLOWED_NOW", `You have ${KEYS_MAX} keys. Revoke one that is not used any more.`);
      await tx.insert(apiKeys).values({
        id: keyId,
        ownerId,
        name,
        scopes,
        hash: hashOfKey(key),
        createdAt: sql`statement_timestamp()`,
        expiresAt: expiresAt === null ? null : new Date(expiresAt),
      });
      await recordAudit(tx, {
        actorKind: "person",
        actorId: ownerId,
        action: "keys.create",
        subject: `key:${keyId}`,
        details: { name, scopes, expiresAt },
      });
    },
    { name: "keys.create" },
  );
  return { keyId, key };
}

/** By which a key is found. */
export function hashOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

const KEY_BYTES = 32;

/** More than anybody has programs. */
const KEYS_MAX = 50;
