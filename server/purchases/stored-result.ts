import type { PurchaseResult } from "../../shared/purchases.ts";
import { isKept, type RefusalCode } from "../../shared/refusals.ts";

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
