import { and, eq, isNotNull, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { items, purchaseAttempts, refunds, stockAdjustments, wallets } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { RefundInput, RefundRefusalCode, RefundResult } from "../../shared/purchases.ts";
import { recordAudit } from "../audit/record.ts";
import { readClock } from "../database/clock.ts";
import type { Tx } from "../database/database.ts";
import { runAgainOnConflict } from "../database/run-again-on-conflict.ts";
import { giveBackUnits } from "../sales/change-inventory.ts";
import { lockInventory } from "../sales/lock-inventory.ts";
import { readSaleOfItem } from "../sales/read-sale-of-item.ts";
import type { Services } from "../services.ts";

/**
 * Gives a purchase back, once: the units are for sale again, or in the inventory when the sale is over, and the money is
 * in the wallet, in one transaction. Refunded units no longer count against the limit per customer; positions stay as they are.
 *
 * Idempotent per (operator, key): the same key with the same purchase answers the same refund with `replayed: true`.
 */
export async function refund(
  { database, liveSales }: Pick<Services, "database" | "liveSales">,
  actorId: string,
  input: RefundInput,
): Promise<RefundResult> {
  // Two purchases can be refunded at once with one key: their locks do not order them, the unique index does.
  const { result, changedSaleId } = await runAgainOnConflict(() =>
    database.withTransaction((tx) => refundIn(tx, actorId, input), { name: "purchases.refund" }),
  );
  if (changedSaleId !== undefined) liveSales.changed(changedSaleId);
  return result;
}

async function refundIn(tx: Tx, actorId: string, input: RefundInput): Promise<Refunding> {
  const purchase = await findPurchase(tx, input.purchaseId);
  const locked = purchase && (await lock(tx, purchase.itemId, purchase.userId));
  const earlier = await findByKey(tx, actorId, input.idempotencyKey);
  if (earlier) {
    return unchanged(earlier.purchaseId === input.purchaseId ? refunded(earlier, true) : refused("KEY_REUSED"));
  }
  if (!purchase || !locked) return unchanged(refused("PURCHASE_NOT_FOUND"));
  if (await isRefunded(tx, purchase.id)) return unchanged(refused("ALREADY_REFUNDED"));

  const row = await giveBack(tx, actorId, input, purchase, locked);
  return { result: refunded(row, false), changedSaleId: locked.saleId };
}

async function findPurchase(tx: Tx, purchaseId: string) {
  const [purchase] = await tx
    .select({
      id: purchaseAttempts.id,
      userId: purchaseAttempts.userId,
      itemId: purchaseAttempts.itemId,
      quantity: purchaseAttempts.quantity,
      amountCents: sql<number>`${purchaseAttempts.amountCents}`.mapWith(Number),
    })
    .from(purchaseAttempts)
    .where(and(eq(purchaseAttempts.id, purchaseId), isNotNull(purchaseAttempts.position)));
  return purchase;
}

/** Item, inventory, wallet: the order that holds everywhere. The inventory is needed only when the sale is over. */
async function lock(tx: Tx, itemId: number, userId: string) {
  const [item] = await tx
    .select({
      saleId: items.saleId,
      productId: items.productId,
      warehouseId: items.warehouseId,
      allotted: items.allotted,
      remaining: items.remaining,
    })
    .from(items)
    .where(eq(items.id, itemId))
    .for("update");
  const sale = item && (await readSaleOfItem(tx, item));
  if (item && sale?.isOver) await lockInventory(tx, [item]);
  const [wallet] = await tx
    .select({ balanceCents: wallets.balanceCents })
    .from(wallets)
    .where(eq(wallets.userId, userId))
    .for("update");
  if (!item || !sale || !wallet) throw new Error(`item ${itemId} or the wallet of user ${userId} is missing`);
  return { ...item, ...wallet, saleIsOver: sale.isOver };
}

async function findByKey(tx: Tx, actorId: string, idempotencyKey: string): Promise<RefundRow | undefined> {
  const [row] = await tx
    .select()
    .from(refunds)
    .where(and(eq(refunds.actorId, actorId), eq(refunds.idempotencyKey, idempotencyKey)));
  return row;
}

async function isRefunded(tx: Tx, purchaseId: string): Promise<boolean> {
  const rows = await tx.select({ id: refunds.id }).from(refunds).where(eq(refunds.purchaseId, purchaseId));
  return rows.length > 0;
}

async function giveBack(tx: Tx, actorId: string, input: RefundInput, purchase: Purchase, locked: Locked) {
  const { now } = await readClock(tx);
  const row: RefundRow = {
    id: uuidv7(),
    purchaseId: purchase.id,
    userId: purchase.userId,
    itemId: purchase.itemId,
    quantity: purchase.quantity,
    amountCents: purchase.amountCents,
    balanceAfterCents: locked.balanceCents + purchase.amountCents,
    remainingAfter: locked.saleIsOver ? locked.remaining : locked.remaining + purchase.quantity,
    unitsReturned: true,
    reason: null,
    actorId,
    idempotencyKey: input.idempotencyKey,
    fingerprint: `purchase=${input.purchaseId}`,
    refundedAt: now,
  };
  if (!Number.isSafeInteger(row.balanceAfterCents))
    throw new Fault("NOT_ALLOWED_NOW", "The wallet cannot hold that much.");
  await tx.insert(refunds).values(row);
  await tx.update(wallets).set({ balanceCents: row.balanceAfterCents }).where(eq(wallets.userId, row.userId));
  if (locked.saleIsOver) await putInInventory(tx, row, locked);
  else {
    await tx
      .update(items)
      .set({ remaining: row.remainingAfter, version: sql`${items.version} + 1` })
      .where(eq(items.id, row.itemId));
  }
  await recordAudit(tx, {
    actorId,
    action: "purchases.refund",
    subject: `purchase:${purchase.id}`,
    outcome: "success",
    details: {
      amountCents: row.amountCents,
      quantity: row.quantity,
      userId: row.userId,
      unitsTo: locked.saleIsOver ? "inventory" : "item",
    },
  });
  return row;
}

/** The item gives the units away at once, as it would have done when its sale ended: its allotment falls. */
async function putInInventory(tx: Tx, row: RefundRow, { warehouseId, productId, allotted }: Locked): Promise<void> {
  const allottedAfter = allotted - row.quantity;
  await giveBackUnits(tx, [{ warehouseId, productId, units: row.quantity }]);
  await tx.insert(stockAdjustments).values({
    id: uuidv7(),
    itemId: row.itemId,
    change: -row.quantity,
    allottedAfter,
    remainingAfter: row.remainingAfter,
    reason: "refunded after the sale",
    actorId: row.actorId,
    idempotencyKey: uuidv7(),
    fingerprint: `refund=${row.id}`,
    adjustedAt: row.refundedAt,
  });
  await tx
    .update(items)
    .set({ allotted: allottedAfter, version: sql`${items.version} + 1` })
    .where(eq(items.id, row.itemId));
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
    replayed,
  };
}

function refused(code: RefundRefusalCode): RefundResult {
  return { outcome: "refused", code, message: REFUND_REFUSAL_MESSAGES[code], replayed: false };
}

const REFUND_REFUSAL_MESSAGES: Record<RefundRefusalCode, string> = {
  KEY_REUSED: "This key was already used to refund another purchase.",
  PURCHASE_NOT_FOUND: "There is no such purchase.",
  ALREADY_REFUNDED: "This purchase was already refunded.",
};

interface Refunding {
  readonly result: RefundResult;
  /** The sale whose stock rose; undefined when nothing changed. */
  readonly changedSaleId: number | undefined;
}

type RefundRow = typeof refunds.$inferSelect;
type Purchase = NonNullable<Awaited<ReturnType<typeof findPurchase>>>;
type Locked = Awaited<ReturnType<typeof lock>>;
