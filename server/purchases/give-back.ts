import { and, eq, isNotNull, sql } from "drizzle-orm";
import { items, purchaseAttempts, refunds, stockAdjustments, wallets } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import { recordAudit } from "../audit/record.ts";
import { readClock } from "../database/clock.ts";
import type { Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { giveBackUnits, lockInventory } from "../sales/inventory.ts";
import { readSaleOfItem } from "../sales/read-sale-of-item.ts";

/*
 * What a refund and a rejection of a purchase have in common. Locks are taken in this order: the item, its cursor and the
 * task of the dispatch (`cancel-dispatch.ts`), the inventory when the sale is over, the wallet.
 */

export async function findPurchase(tx: Tx, purchaseId: string) {
  const [purchase] = await tx
    .select({
      id: purchaseAttempts.id,
      userId: purchaseAttempts.userId,
      itemId: purchaseAttempts.itemId,
      quantity: purchaseAttempts.quantity,
      amountCents: sql<number>`${purchaseAttempts.amountCents}`.mapWith(Number),
      position: sql<number>`${purchaseAttempts.position}`.mapWith(Number),
    })
    .from(purchaseAttempts)
    .where(and(eq(purchaseAttempts.id, purchaseId), isNotNull(purchaseAttempts.position)));
  return purchase;
}

export async function lockItem(tx: Tx, itemId: number) {
  const [item] = await tx
    .select({
      id: items.id,
      saleId: items.saleId,
      productId: items.productId,
      warehouseId: items.warehouseId,
      allotted: items.allotted,
      remaining: items.remaining,
    })
    .from(items)
    .where(eq(items.id, itemId))
    .for("update");
  if (!item) throw new Error(`the item ${itemId} of a purchase is missing`);
  return item;
}

export async function findRefund(tx: Tx, purchaseId: string): Promise<RefundRow | undefined> {
  const [row] = await tx.select().from(refunds).where(eq(refunds.purchaseId, purchaseId));
  return row;
}

/**
 * Gives the money of a purchase back, and its units where they are still here: they are for sale again, or in the inventory
 * when the sale is over.
 *
 * @param item locked, and so is what says whether the units are here
 * @throws Fault NOT_ALLOWED_NOW the wallet cannot hold that much
 */
export async function giveBack(tx: Tx, purchase: Purchase, item: LockedItem, why: Why): Promise<RefundRow> {
  const sale = await readSaleOfItem(tx, item);
  const unitsTo: UnitsTo = !why.unitsReturned ? "nowhere" : sale.isOver ? "inventory" : "item";
  if (unitsTo === "inventory") await lockInventory(tx, [item]);
  const balanceCents = await lockWallet(tx, purchase.userId);
  const { now } = await readClock(tx);
  const row: RefundRow = {
    id: newUuid(),
    purchaseId: purchase.id,
    userId: purchase.userId,
    itemId: purchase.itemId,
    quantity: purchase.quantity,
    amountCents: purchase.amountCents,
    balanceAfterCents: balanceCents + purchase.amountCents,
    remainingAfter: unitsTo === "item" ? item.remaining + purchase.quantity : item.remaining,
    ...why,
    fingerprint: refundFingerprint(purchase.id, why.reason),
    refundedAt: now,
  };
  if (!Number.isSafeInteger(row.balanceAfterCents))
    throw new Fault("NOT_ALLOWED_NOW", "The wallet cannot hold that much.");
  await tx.insert(refunds).values(row);
  await tx.update(wallets).set({ balanceCents: row.balanceAfterCents }).where(eq(wallets.userId, row.userId));
  if (unitsTo === "inventory") await putInInventory(tx, row, item);
  if (unitsTo === "item") {
    await tx
      .update(items)
      .set({ remaining: row.remainingAfter, version: sql`${items.version} + 1` })
      .where(eq(items.id, row.itemId));
  }
  await recordAudit(tx, {
    ...(row.actorId === null
      ? { actorKind: "system", actorId: null, action: "purchases.reject" }
      : { actorKind: "person", actorId: row.actorId, action: "purchases.refund" }),
    subject: `purchase:${purchase.id}`,
    details: {
      amountCents: row.amountCents,
      quantity: row.quantity,
      userId: row.userId,
      unitsTo,
      ...(row.reason !== null && { reason: row.reason }),
    },
  });
  return row;
}

async function lockWallet(tx: Tx, userId: string): Promise<number> {
  const [wallet] = await tx
    .select({ balanceCents: wallets.balanceCents })
    .from(wallets)
    .where(eq(wallets.userId, userId))
    .for("update");
  if (!wallet) throw new Error(`the wallet of user ${userId} is missing`);
  return wallet.balanceCents;
}

/** The item gives the units away at once, as it would have done when its sale ended: its allotment falls. */
async function putInInventory(tx: Tx, row: RefundRow, { warehouseId, productId, allotted }: LockedItem): Promise<void> {
  const allottedAfter = allotted - row.quantity;
  await giveBackUnits(tx, [{ warehouseId, productId, units: row.quantity }]);
  await tx.insert(stockAdjustments).values({
    id: newUuid(),
    itemId: row.itemId,
    change: -row.quantity,
    allottedAfter,
    remainingAfter: row.remainingAfter,
    reason: "refunded after the sale",
    actorId: row.actorId,
    idempotencyKey: newUuid(),
    fingerprint: `refund=${row.id}`,
    adjustedAt: row.refundedAt,
  });
  await tx
    .update(items)
    .set({ allotted: allottedAfter, version: sql`${items.version} + 1` })
    .where(eq(items.id, row.itemId));
}

/** Two requests for a refund with one key are the same when this text is the same. */
export function refundFingerprint(purchaseId: string, reason: string | null): string {
  return reason === null ? `purchase=${purchaseId}` : `purchase=${purchaseId}&reason=${reason}`;
}

/** Who gives it back and why, as the record of it says. */
export type Why = Pick<RefundRow, "actorId" | "idempotencyKey" | "reason" | "unitsReturned">;

type UnitsTo = "item" | "inventory" | "nowhere";
export type RefundRow = typeof refunds.$inferSelect;
export type Purchase = NonNullable<Awaited<ReturnType<typeof findPurchase>>>;
export type LockedItem = Awaited<ReturnType<typeof lockItem>>;
