import { and, eq, isNull, lt, or, sql } from "drizzle-orm";
import { apiKeys, users } from "../../../drizzle/schema/index.ts";
import type { Database } from "../../database/database.ts";
import { epochMs } from "../../database/times.ts";
import type { Actor } from "../../http/context.ts";
import { hashOfKey } from "./create.ts";
import { isTaken } from "./list.ts";

/**
 * Who acts by each of these keys, and for how long at most; those that are not taken are left out. What a process
 * remembers of one, it asks for again after a minute: that is how exactly its last use is written down.
 */
export async function findKeys(database: Database, keys: string[]): Promise<Map<string, FoundKey>> {
  const byHash = new Map(keys.map((key) => [hashOfKey(key), key]));
  const rows = await database.db
    .select({
      id: apiKeys.id,
      hash: apiKeys.hash,
      name: apiKeys.name,
      scopes: apiKeys.scopes,
      userId: users.id,
      role: users.role,
      mayMoveMoney: users.mayMoveMoney,
      validMs: epochMs(sql`coalesce(${apiKeys.expiresAt} - now(), interval '1 day')`),
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.ownerId))
    .where(and(eq(apiKeys.hash, sql`any(${sql.param([...byHash.keys()])}::text[])`), isTaken));
  return new Map(
    rows.map(({ hash, id, name, scopes, validMs, ...actor }) => [
      byHash.get(hash) ?? "",
      { actor: { ...actor, key: { id, name, scopes } }, validMs },
    ]),
  );
}

/** Several processes may write it: the one that comes first in a minute does. */
export async function noteUse(database: Database, keyId: string): Promise<void> {
  await database.db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(
        eq(apiKeys.id, keyId),
        or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, sql`now() - interval '1 minute'`)),
      ),
    );
}

interface FoundKey {
  readonly actor: Actor & { readonly key: NonNullable<Actor["key"]> };
  readonly validMs: number;
}
