import { and, eq, sql } from "drizzle-orm";
import { items, stockAdjustments } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { AdjustStockInput, AdjustStockResult } from "../../shared/sales.ts";
import { recordAudit } from "../audit/record.ts";
import type { Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { retryOnConflict } from "../database/retry-on-conflict.ts";
import { countEdit, type SaleServices } from "./change-sale.ts";
import { giveBackUnits } from "./inventory.ts";
import { readSaleOfItem } from "./read-sale-of-item.ts";
import { takeUnits } from "./take-units.ts";

/**
 * Gives units of the inventory to an item, or withdraws units that are not sold yet, which go back there, until its sale
 * is over. A product that exists for sales alone may get more than the inventory has: what is missing is received.
 *
 * Idempotent per (operator, key): the same key with the same input answers the stored numbers with `replayed: true`.
 *
 * @throws Fault KEY_REUSED, NOT_FOUND, NOT_ALLOWED_NOW, INSUFFICIENT_STOCK, INVALID_INPUT (more units than an item can
 *   hold), CHANGED_MEANWHILE, checked in this order
 */
export async function adjustStock(
  { database, liveSales }: SaleServices,
  actorId: string,
  input: AdjustStockInput,
): Promise<AdjustStockResult> {
  // Two items can be adjusted at once with one key: their locks do not order them, the unique index does.
  const { result, changedSaleId } = await retryOnConflict(() =>
    database.withTransaction((tx) => adjust(tx, actorId, input), { name: "sales.adjustStock" }),
  );
  if (changedSaleId !== undefined) liveSales.changed(changedSaleId);
  return result;
}

async function adjust(tx: Tx, actorId: string, input: AdjustStockInput): Promise<Adjustment> {
  const [item] = await tx.select().from(items).where(eq(items.id, input.itemId)).for("update");
  const earlier = await findByKey(tx, actorId, input.idempotencyKey);
  if (earlier) {
    if (earlier.fingerprint !== fingerprintOf(input)) throw new Fault("KEY_REUSED");
    return { result: resultOf(earlier, true), changedSaleId: undefined };
  }
  if (!item) throw new Fault("NOT_FOUND", `There is no item with the id ${input.itemId}.`);
  if (item.withdrawnAt !== null) {
    throw new Fault("NOT_ALLOWED_NOW", `"${item.name}" was taken out of the sale: its stock can no longer change.`);
  }
  const now = await checkSaleIsOpen(tx, item);
  checkUnits(item, input.change);

  const row = {
    id: newUuid(),
    itemId: item.id,
    change: input.change,
    allottedAfter: item.allotted + input.change,
    remainingAfter: item.remaining + input.change,
    reason: input.reason,
    actorId,
    idempotencyKey: input.idempotencyKey,
    fingerprint: fingerprintOf(input),
    adjustedAt: now,
  } satisfies AdjustmentRow;
  await countEdit(tx, { saleId: item.saleId, edits: input.edits });
  await write(tx, item, row);
  return { result: resultOf(row, false), changedSaleId: item.saleId };
}

async function findByKey(tx: Tx, actorId: string, idempotencyKey: string): Promise<AdjustmentRow | undefined> {
  const [row] = await tx
    .select()
    .from(stockAdjustments)
    .where(and(eq(stockAdjustments.actorId, actorId), eq(stockAdjustments.idempotencyKey, idempotencyKey)));
  return row;
}

async function checkSaleIsOpen(tx: Tx, item: ItemRow): Promise<string> {
  const { status, now } = await readSaleOfItem(tx, item);
  if (status === "ended") throw new Fault("NOT_ALLOWED_NOW", "The sale is over: its stock can no longer change.");
  if (status === "cancelled") {
    throw new Fault("NOT_ALLOWED_NOW", "The sale was cancelled: its stock can no longer change.");
  }
  return now;
}

function checkUnits(item: ItemRow, change: number): void {
  if (item.remaining + change < 0) {
    throw new Fault(
      "INSUFFICIENT_STOCK",
      `Only ${item.remaining} of "${item.name}" are still for sale, so ${-change} cannot be withdrawn.`,
    );
  }
  if (item.allotted + change > ALLOTTED_MAX) {
    throw new Fault("INVALID_INPUT", `An item can be given at most ${ALLOTTED_MAX} units in all.`);
  }
}

async function write(tx: Tx, item: ItemRow, row: AdjustmentRow & { actorId: string }): Promise<void> {
  await tx.insert(stockAdjustments).values(row);
  await moveUnits(tx, item, row);
  await tx
    .update(items)
    .set({ allotted: row.allottedAfter, remaining: row.remainingAfter, version: sql`${items.version} + 1` })
    .where(eq(items.id, item.id));
  await recordAudit(tx, {
    actorKind: "person",
    actorId: row.actorId,
    action: "sales.adjustStock",
    subject: `item:${item.id}`,
    details: {
      saleId: item.saleId,
      change: row.change,
      reason: row.reason,
      before: { allotted: item.allotted, remaining: item.remaining },
      after: { allotted: row.allottedAfter, remaining: row.remainingAfter },
    },
  });
}

async function moveUnits(tx: Tx, { warehouseId, productId }: ItemRow, row: AdjustmentRow): Promise<void> {
  const moved = { warehouseId, productId, units: Math.abs(row.change) };
  if (row.change < 0) return giveBackUnits(tx, [moved]);
  const { reason, actorId, adjustedAt: now } = row;
  await takeUnits(tx, [moved], { reason, fingerprint: `adjustment=${row.id}`, actorId, now });
}

/** Two requests with one key are the same when this text is the same. */
function fingerprintOf({ itemId, change, reason }: AdjustStockInput): string {
  return `item=${itemId}&change=${change}&reason=${reason}`;
}

function resultOf(row: AdjustmentRow, replayed: boolean): AdjustStockResult {
  return {
    itemId: row.itemId,
    change: row.change,
    allotted: row.allottedAfter,
    remaining: row.remainingAfter,
    replayed,
  };
}

/** The largest integer of the column. */
const ALLOTTED_MAX = 2_147_483_647;

type ItemRow = typeof items.$inferSelect;
type AdjustmentRow = typeof stockAdjustments.$inferSelect;
interface Adjustment {
  readonly result: AdjustStockResult;
  readonly changedSaleId: number | undefined;
}
