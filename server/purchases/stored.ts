import { hash } from "node:crypto";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { isKept, type RefusalCode } from "../../shared/refusals.ts";

/**
 * What stands for a buyer's key in its attempt: 16 bytes, however long the key is. A UUID stands for itself, anything else for
 * a hash in the form of a UUID of version 8. Those that come as version 8 are hashed too, so that no two keys meet.
 *
 * @param userId in lower case, as PostgreSQL writes it
 */
export function storedKey({ userId, idempotencyKey }: { userId: string; idempotencyKey: string }): string {
  if (UUID_BUT_VERSION_8.test(idempotencyKey)) return idempotencyKey;
  const hex = hash("sha256", `${userId} ${idempotencyKey}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** As PostgreSQL writes them: another spelling is another key. */
const UUID_BUT_VERSION_8 = /^[\da-f]{8}-[\da-f]{4}-[0-79a-f][\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;

/** The answer that a stored attempt was given, as its first caller got it. */
export function storedResult(row: StoredAttempt): PurchaseResult {
  const { refusalCode, refusalMessage, amountCents, balanceAfterCents, remainingAfter, position } = row;
  if (refusalCode !== null && refusalMessage !== null) {
    return { outcome: "refused", code: refusalCode, message: refusalMessage, replayed: false };
  }
  if (amountCents === null || balanceAfterCents === null || remainingAfter === null || position === null) {
    throw new Error(`attempt ${row.id} is neither bought nor refused`);
  }
  return {
    outcome: "purchased",
    purchaseId: row.id,
    itemId: row.itemId,
    quantity: row.quantity,
    amountCents,
    balanceCents: balanceAfterCents,
    remaining: remainingAfter,
    position,
    replayed: false,
  };
}

/** Whether a result stands in the attempt's own row: the key of what was KEY_REUSED has another one. */
export function isStored(result: PurchaseResult): boolean {
  return result.outcome === "purchased" || isKept(result.code);
}

export interface StoredAttempt {
  id: string;
  itemId: number;
  quantity: number;
  refusalCode: RefusalCode | null;
  refusalMessage: string | null;
  amountCents: number | null;
  balanceAfterCents: number | null;
  remainingAfter: number | null;
  position: number | null;
}
