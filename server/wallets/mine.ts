import { eq } from "drizzle-orm";
import { wallets } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Wallet } from "../../shared/wallets.ts";
import type { Databases } from "../database/databases.ts";
import type { PaymentProvider } from "./payment-provider.ts";

/** The buyer's balance as it is now, and whether they can add to it. */
export async function mine(
  { publicReads, paymentProvider }: Pick<WalletServices, "publicReads" | "paymentProvider">,
  userId: string,
): Promise<Wallet> {
  const [wallet] = await publicReads.db
    .select({ balanceCents: wallets.balanceCents, currency: wallets.currency })
    .from(wallets)
    .where(eq(wallets.userId, userId));
  if (!wallet) throw new Fault("NOT_FOUND", "There is no such wallet.");
  return { ...wallet, canTopUp: paymentProvider !== undefined };
}

export interface WalletServices extends Databases {
  /** Takes buyers' money; absent where none is configured, and topping up is then refused. */
  readonly paymentProvider: PaymentProvider | undefined;
}
