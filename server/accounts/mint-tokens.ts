import { sql } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema/index.ts";
import type { Database, Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { openWallets } from "../wallets/open-wallets.ts";
import { type Credential, type CredentialSigner, newToken } from "./credential.ts";
import { SESSION_IDLE_DAYS } from "./sessions.ts";

/**
 * Makes buyers with money and a session each, for load tests: a few statements for each thousand of them. They have no
 * password.
 *
 * @param balanceCents what each wallet holds at first, in minor units
 */
export async function mintTokens(
  { database, signer }: { database: Database; signer: CredentialSigner },
  { count, balanceCents }: { count: number; balanceCents: number },
): Promise<MintedToken[]> {
  const minted: MintedToken[] = [];
  for (let left = count; left > 0; left -= BATCH) {
    const batch = Array.from({ length: Math.min(left, BATCH) }, () => ({ userId: newUuid(), token: newToken() }));
    await database.withTransaction((tx) => mintBatch(tx, batch, balanceCents), { name: "tokens", deadlineMs: 60_000 });
    minted.push(...batch.map(({ userId, token }) => ({ userId, credential: signer.sign(token) })));
  }
  return minted;
}

export interface MintedToken {
  readonly userId: string;
  readonly credential: Credential;
}

async function mintBatch(tx: Tx, batch: { userId: string; token: string }[], balanceCents: number): Promise<void> {
  const userIds = batch.map(({ userId }) => userId);
  const tokens = batch.map(({ token }) => token);
  await tx.insert(users).select(sql`
    select id, 'Load buyer', 'load-' || id || '@example.com', false, null, 'buyer', false, true, now(), now()
    from unnest(${sql.param(userIds)}::uuid[]) as made (id)
  `);
  if (balanceCents > 0) await openWallets(tx, userIds, balanceCents);
  await tx.insert(sessions).select(sql`
    select gen_random_uuid(), user_id, token, now() + ${`${SESSION_IDLE_DAYS} days`}::interval, null, null, now(), now()
    from unnest(${sql.param(userIds)}::uuid[], ${sql.param(tokens)}::text[]) as made (user_id, token)
  `);
}

const BATCH = 2_000;
