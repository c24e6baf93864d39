import { eq } from "drizzle-orm";
import { wallets } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Wallet } from "../../shared/wallets.ts";
import type { Database } from "../database/database.ts";

/** The buyer's balance as it is now. */
export async function mine(database: Database, userId: string): Promise<Wallet> {
  const [wallet] = await database.db
    .select({ balanceCents: wallets.balanceCents, currency: wallets.currency })
    .from(wallets)
    .where(eq(wallets.userId, userId));
  if (!wallet) throw new Fault("NOT_FOUND", "There is no such wallet.");
  return wallet;
}
