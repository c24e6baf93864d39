import { desc, eq, sql } from "drizzle-orm";
import { apiKeys, users } from "../../../drizzle/schema/index.ts";
import type { ApiKey } from "../../../shared/keys.ts";
import type { Database } from "../../database/database.ts";
import { isoTime } from "../../database/times.ts";

/** All keys, those that are not taken any more too, the latest first; of very many the latest. Never a key itself. */
export async function listKeys({ db }: Database): Promise<{ items: ApiKey[] }> {
  const rows = await db
    .select({
      keyId: apiKeys.id,
      name: apiKeys.name,
      scopes: apiKeys.scopes,
      ownerId: apiKeys.ownerId,
      ownerName: users.name,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
      expiresAt: apiKeys.expiresAt,
      revokedAt: apiKeys.revokedAt,
      works: sql<boolean>`${isTaken}`,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.ownerId))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(SHOWN_MAX);
  const time = (at: Date | null) => (at === null ? null : isoTime(at));
  return {
    items: rows.map(({ createdAt, lastUsedAt, expiresAt, revokedAt, ...key }) => ({
      ...key,
      createdAt: isoTime(createdAt),
      lastUsedAt: time(lastUsedAt),
      expiresAt: time(expiresAt),
      revokedAt: time(revokedAt),
    })),
  };
}

/** Of a key joined with its owner. */
export const isTaken = sql`(
  ${apiKeys.revokedAt} is null
  and (${apiKeys.expiresAt} is null or ${apiKeys.expiresAt} > now())
  and ${users.active} and ${users.role} = 'operator'
)`;

const SHOWN_MAX = 200;
