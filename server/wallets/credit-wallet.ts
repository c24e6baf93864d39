import { and, eq } from "drizzle-orm";
import { credits, wallets } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { CreditResult } from "../../shared/wallets.ts";
import { readClock } from "../database/clock.ts";
import type { Database, Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";

/**
 * Puts money into a wallet, once per (actor, key). Needs a transaction, and takes the lock of the wallet.
 *
 * @throws Fault NOT_FOUND when there is no such user, KEY_REUSED when the key stands for another credit
 */
export async function creditWallet(tx: Tx, credit: Credit): Promise<CreditResult> {
  const wallet = await lockWallet(tx, credit.userId);
  if (!wallet) throw new Fault("NOT_FOUND", "There is no such user.");
  const earlier = await earlierCredit(tx, credit);
  if (earlier) return earlier;
  const { now } = await readClock(tx);
  const row: CreditRow = {
    ...credit,
    id: newUuid(),
    balanceAfterCents: wallet.balanceCents + credit.amountCents,
    fingerprint: fingerprintOf(credit),
    creditedAt: now,
  };
  if (!Number.isSafeInteger(row.balanceAfterCents)) throw new Fault("INVALID_INPUT", "A wallet cannot hold that much.");
  await tx.insert(credits).values(row);
  await tx.update(wallets).set({ balanceCents: row.balanceAfterCents }).where(eq(wallets.userId, credit.userId));
  return creditResult(row, wallet.currency, false);
}

/**
 * What the actor's key was answered before, with `replayed: true`; undefined when it is new.
 *
 * @throws Fault KEY_REUSED when the key stands for another credit
 */
export async function earlierCredit(db: Database["db"] | Tx, credit: Credit): Promise<CreditResult | undefined> {
  const [row] = await db
    .select({ credit: credits, currency: wallets.currency })
    .from(credits)
    .innerJoin(wallets, eq(wallets.userId, credits.userId))
    .where(and(eq(credits.actorId, credit.actorId), eq(credits.idempotencyKey, credit.idempotencyKey)));
  if (!row) return undefined;
  if (row.credit.fingerprint !== fingerprintOf(credit)) throw new Fault("KEY_REUSED");
  return creditResult(row.credit, row.currency, true);
}

export interface Credit {
  /** Whose wallet. */
  readonly userId: string;
  readonly kind: "top_up" | "credit";
  readonly amountCents: number;
  readonly reason: string;
  /** Who asks: the key is theirs. */
  readonly actorId: string;
  readonly idempotencyKey: string;
}

async function lockWallet(tx: Tx, userId: string) {
  const [wallet] = await tx.select().from(wallets).where(eq(wallets.userId, userId)).for("update");
  return wallet;
}

/** An operator's reason is part of what was asked; that of a top-up is our own wording. */
function fingerprintOf({ userId, amountCents, kind, reason }: Credit): string {
  const asked = `user=${userId}&amountCents=${amountCents}&kind=${kind}`;
  return kind === "credit" ? `${asked}&reason=${reason}` : asked;
}

function creditResult(row: CreditRow, currency: string, replayed: boolean): CreditResult {
  return {
    creditId: row.id,
    userId: row.userId,
    amountCents: row.amountCents,
    balanceCents: row.balanceAfterCents,
    currency,
    replayed,
  };
}

type CreditRow = typeof credits.$inferSelect;
