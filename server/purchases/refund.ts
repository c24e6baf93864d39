import { and, eq } from "drizzle-orm";
import { refunds } from "../../drizzle/schema/index.ts";
import type { RefundInput, RefundRefusalCode, RefundResult } from "../../shared/purchases.ts";
import type { Tx } from "../database/database.ts";
import { retryOnConflict } from "../database/retry-on-conflict.ts";
import type { SaleServices } from "../sales/change-sale.ts";
import { cancelDispatch } from "./cancel-dispatch.ts";
import { findPurchase, findRefund, giveBack, lockItem, type RefundRow, refundFingerprint } from "./give-back.ts";

/**
 * Gives a purchase back, once: the money is in the wallet, and the units are for sale again, or in the inventory when the
 * sale is over, in one transaction. Once their dispatch has begun the units are on their way, and only the money goes back.
 * Refunded units no longer count against the limit per customer; positions stay as they are.
 *
 * Idempotent per (operator, key): the same key with the same purchase and reason answers the same refund with
 * `replayed: true`.
 */
export async function refund(
  { database, liveSales }: SaleServices,
  actorId: string,
  input: RefundInput,
): Promise<RefundResult> {
  // Two purchases can be refunded at once with one key: their locks do not order them, the unique index does.
  const { result, changedSaleId } = await retryOnConflict(() =>
    database.withTransaction((tx) => refundIn(tx, actorId, input), { name: "purchases.refund" }),
  );
  if (changedSaleId !== undefined) liveSales.changed(changedSaleId);
  return result;
}

async function refundIn(tx: Tx, actorId: string, input: RefundInput): Promise<Refunding> {
  const { purchaseId, reason = null, idempotencyKey } = input;
  const purchase = await findPurchase(tx, purchaseId);
  const item = purchase && (await lockItem(tx, purchase.itemId));
  const earlier = await findByKey(tx, actorId, idempotencyKey);
  if (earlier) {
    const isSame = earlier.fingerprint === refundFingerprint(purchaseId, reason);
    return unchanged(isSame ? refunded(earlier, true) : refused("KEY_REUSED"));
  }
  if (!purchase || !item) return unchanged(refused("PURCHASE_NOT_FOUND"));
  if (await findRefund(tx, purchaseId)) return unchanged(refused("ALREADY_REFUNDED"));

  const unitsReturned = await cancelDispatch(tx, purchase, "The purchase was refunded.");
  const row = await giveBack(tx, purchase, item, { actorId, idempotencyKey, reason, unitsReturned });
  return { result: refunded(row, false), changedSaleId: unitsReturned ? item.saleId : undefined };
}

async function findByKey(tx: Tx, actorId: string, idempotencyKey: string): Promise<RefundRow | undefined> {
  const [row] = await tx
    .select()
    .from(refunds)
    .where(and(eq(refunds.actorId, actorId), eq(refunds.idempotencyKey, idempotencyKey)));
  return row;
}

function unchanged(result: RefundResult): Refunding {
  return { result, changedSaleId: undefined };
}

function refunded(row: RefundRow, replayed: boolean): RefundResult {
  return {
    outcome: "refunded",
    refundId: row.id,
    purchaseId: row.purchaseId,
    itemId: row.itemId,
    quantity: row.quantity,
    amountCents: row.amountCents,
    balanceCents: row.balanceAfterCents,
    remaining: row.remainingAfter,
    unitsReturned: row.unitsReturned,
    replayed,
  };
}

function refused(code: RefundRefusalCode): RefundResult {
  return { outcome: "refused", code, message: REFUND_REFUSAL_MESSAGES[code], replayed: false };
}

const REFUND_REFUSAL_MESSAGES: Record<RefundRefusalCode, string> = {
  KEY_REUSED: "This key was already used for a refund of another purchase, or for another reason.",
  PURCHASE_NOT_FOUND: "There is no such purchase.",
  ALREADY_REFUNDED: "This purchase was already refunded.",
};

interface Refunding {
  readonly result: RefundResult;
  /** The sale whose stock rose; undefined when nothing changed. */
  readonly changedSaleId: number | undefined;
}
