import { and, asc, eq, lte, sql } from "drizzle-orm";
import { inventory, products, receipts, warehouses } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Receipt, ReceiveInput } from "../../shared/products.ts";
import { recordAudit } from "../audit/record.ts";
import { readClock } from "../database/clock.ts";
import type { Database, Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { retryOnConflict } from "../database/retry-on-conflict.ts";
import { storeReceipts } from "./store-receipts.ts";

/**
 * Takes goods into a warehouse's inventory, which is the only way in which units come into being. A warehouse that did
 * not keep the product does from now on. The task that brings the units to the warehouse service is stored with them.
 *
 * Idempotent per (operator, key): the same key with the same input answers the stored numbers with `replayed: true`.
 *
 * @throws Fault KEY_REUSED, NOT_FOUND (product, then warehouse), INVALID_INPUT (more units than a warehouse can hold),
 *   checked in this order
 */
export async function receive(
  { database, tasks }: ReceiveServices,
  actorId: string,
  input: ReceiveInput,
): Promise<Receipt> {
  // Nothing but the unique index orders two requests with one key.
  const receipt = await retryOnConflict(() =>
    database.withTransaction((tx) => receiveIn(tx, actorId, input), { name: "products.receive" }),
  );
  tasks.wake();
  return receipt;
}

export interface ReceiveServices {
  readonly database: Database;
  /** Told after the commit. */
  readonly tasks: { wake(): void };
}

async function receiveIn(tx: Tx, actorId: string, input: ReceiveInput): Promise<Receipt> {
  const earlier = await findByKey(tx, actorId, input.idempotencyKey);
  if (earlier) {
    if (earlier.fingerprint !== fingerprintOf(input)) throw new Fault("KEY_REUSED");
    return receiptOf(earlier, true);
  }
  await checkProduct(tx, input.productId);
  const warehouseId = await findWarehouse(tx, input.warehouseId);

  const unitsAfter = await addUnits(tx, { warehouseId, productId: input.productId, units: input.units });
  const { now } = await readClock(tx);
  const row: ReceiptRow = {
    id: newUuid(),
    warehouseId,
    productId: input.productId,
    units: input.units,
    unitsAfter,
    reason: input.reason,
    actorId,
    idempotencyKey: input.idempotencyKey,
    fingerprint: fingerprintOf(input),
    onHandAlready: false,
    receivedAt: now,
  };
  await storeReceipts(tx, [row]);
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "products.receive",
    subject: `product:${row.productId}`,
    details: { receiptId: row.id, warehouseId, units: row.units, unitsAfter, reason: row.reason },
  });
  return receiptOf(row, false);
}

async function findByKey(tx: Tx, actorId: string, idempotencyKey: string): Promise<ReceiptRow | undefined> {
  const [row] = await tx
    .select()
    .from(receipts)
    .where(and(eq(receipts.actorId, actorId), eq(receipts.idempotencyKey, idempotencyKey)));
  return row;
}

async function checkProduct(tx: Tx, productId: number): Promise<void> {
  const [product] = await tx.select({ id: products.id }).from(products).where(eq(products.id, productId));
  if (!product) throw new Fault("NOT_FOUND", `There is no product with the id ${productId}.`);
}

/** The one that was asked for, else the first. */
async function findWarehouse(tx: Tx, wanted: number | undefined): Promise<number> {
  const [warehouse] = await tx
    .select({ id: warehouses.id })
    .from(warehouses)
    .where(wanted === undefined ? undefined : eq(warehouses.id, wanted))
    .orderBy(asc(warehouses.id))
    .limit(1);
  if (warehouse) return warehouse.id;
  if (wanted === undefined) throw new Error("there is no warehouse");
  throw new Fault("NOT_FOUND", `There is no warehouse with the id ${wanted}.`);
}

/** Locks the row of the inventory, or makes it, and gives the units that are in it then. */
async function addUnits(
  tx: Tx,
  { warehouseId, productId, units }: { warehouseId: number; productId: number; units: number },
): Promise<number> {
  const [row] = await tx
    .insert(inventory)
    .values({ warehouseId, productId, units })
    .onConflictDoUpdate({
      target: [inventory.warehouseId, inventory.productId],
      set: { units: sql`${inventory.units} + excluded.units`, updatedAt: sql`excluded.updated_at` },
      setWhere: lte(inventory.units, UNITS_MAX - units),
    })
    .returning({ units: inventory.units });
  if (!row) throw new Fault("INVALID_INPUT", `A warehouse can hold at most ${UNITS_MAX} units of a product.`);
  return row.units;
}

/** Two requests with one key are the same when this text is the same. */
function fingerprintOf({ productId, warehouseId, units, reason }: ReceiveInput): string {
  return `product=${productId}&warehouse=${warehouseId ?? "first"}&units=${units}&reason=${reason}`;
}

function receiptOf(row: ReceiptRow, replayed: boolean): Receipt {
  const { id: receiptId, productId, warehouseId, units, unitsAfter } = row;
  if (unitsAfter === null) throw new Error(`the receipt ${receiptId} was asked for and says no units`);
  return { receiptId, productId, warehouseId, units, unitsAfter, replayed };
}

/** The largest integer of the column. */
const UNITS_MAX = 2_147_483_647;

type ReceiptRow = typeof receipts.$inferSelect;
