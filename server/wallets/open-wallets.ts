import { sql } from "drizzle-orm";
import { credits, wallets } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";

/**
 * Gives new users their first money, each the same, in two statements however many they are. Once per user: the
 * database refuses a second opening. Needs a transaction; the wallets exist since their users do.
 *
 * @param amountCents at least 1
 */
export async function openWallets(tx: Tx, userIds: readonly string[], amountCents: number): Promise<void> {
  const opened = sql`unnest(${sql.param(userIds)}::uuid[]) as opened (user_id)`;
  await tx.insert(credits).select(sql`
    select gen_random_uuid(), opened.user_id, 'opening', ${amountCents}::bigint, ${amountCents}::bigint,
      'Opening balance', null, 'opening', ${`amountCents=${amountCents}`}, statement_timestamp()
    from ${opened}
  `);
  await tx
    .update(wallets)
    .set({ balanceCents: amountCents })
    .from(opened)
    .where(sql`${wallets.userId} = opened.user_id and ${wallets.balanceCents} = 0`);
}
