import { and, asc, eq, sql } from "drizzle-orm";
import { inventory } from "../../drizzle/schema/index.ts";
import { readClock } from "../database/clock.ts";
import type { Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { storeReceipts } from "../products/store-receipts.ts";

/** A product in a warehouse. */
export interface Slot {
  readonly warehouseId: number;
  readonly productId: number;
}

/**
 * Locks rows of the inventory. Lock order: after items and sales, before wallets; among themselves ascending by warehouse
 * and product, as orders lock theirs (`drizzle/functions/allocate_inventory.sql`).
 *
 * @returns the units in each slot, by `slotName`; a slot that the warehouse does not keep is left out
 */
export async function lockInventory(tx: Tx, slots: readonly Slot[]): Promise<Map<string, number>> {
  const wanted = sql`unnest(
    ${sql.param(slots.map((slot) => slot.warehouseId))}::bigint[],
    ${sql.param(slots.map((slot) => slot.productId))}::bigint[]
  ) as wanted (warehouse_id, product_id)`;
  const rows = await tx
    .select({ warehouseId: inventory.warehouseId, productId: inventory.productId, units: inventory.units })
    .from(inventory)
    .innerJoin(
      wanted,
      and(eq(inventory.warehouseId, sql`wanted.warehouse_id`), eq(inventory.productId, sql`wanted.product_id`)),
    )
    .orderBy(asc(inventory.warehouseId), asc(inventory.productId))
    .for("update", { of: inventory });
  return new Map(rows.map((row) => [slotName(row), row.units]));
}

export function slotName({ warehouseId, productId }: Slot): string {
  return `${warehouseId} ${productId}`;
}

/** Units that a slot of the inventory gains (positive) or loses (negative). */
export interface InventoryChange extends Slot {
  readonly units: number;
}

/** Puts units back into the inventory that they were taken from; locks as `lockInventory` says. */
export async function giveBackUnits(tx: Tx, changes: readonly InventoryChange[]): Promise<void> {
  const totals = totalsBySlot(changes);
  if (totals.length === 0) return;
  await lockInventory(tx, totals);
  await changeInventory(tx, totals);
}

/**
 * Changes rows that are locked, in one statement.
 *
 * @param changes one for each slot
 */
export async function changeInventory(tx: Tx, changes: readonly InventoryChange[]): Promise<void> {
  const column = (valueIn: (change: InventoryChange) => number) => sql.param(changes.map(valueIn));
  const changed = await tx
    .update(inventory)
    .set({ units: sql`${inventory.units} + changed.units`, updatedAt: sql`statement_timestamp()` })
    .from(
      sql`unnest(
        ${column((change) => change.warehouseId)}::bigint[],
        ${column((change) => change.productId)}::bigint[],
        ${column((change) => change.units)}::integer[]
      ) as changed (warehouse_id, product_id, units)`,
    )
    .where(and(eq(inventory.warehouseId, sql`changed.warehouse_id`), eq(inventory.productId, sql`changed.product_id`)))
    .returning({ productId: inventory.productId });
  if (changed.length !== changes.length) {
    throw new Error(`of ${changes.length} slots in the inventory only ${changed.length} are there`);
  }
}

/** The changes summed up, so that each slot is there once, in the order in which rows are locked. */
export function totalsBySlot(changes: readonly InventoryChange[]): InventoryChange[] {
  const totals = new Map<string, InventoryChange>();
  for (const { warehouseId, productId, units } of changes) {
    const slot = slotName({ warehouseId, productId });
    totals.set(slot, { warehouseId, productId, units: units + (totals.get(slot)?.units ?? 0) });
  }
  return [...totals.values()]
    .filter(({ units }) => units !== 0)
    .sort((a, b) => a.warehouseId - b.warehouseId || a.productId - b.productId);
}

/**
 * Puts units into the inventory that were sold and whose money went back, and that turn out never to have left the
 * warehouse: a receipt for which nothing is to be brought there.
 */
export async function returnToInventory(
  tx: Tx,
  changes: readonly InventoryChange[],
  { reason, fingerprint }: { reason: string; fingerprint: string },
): Promise<void> {
  const totals = totalsBySlot(changes);
  await lockInventory(tx, totals);
  const { now } = await readClock(tx);
  await receiveUnits(tx, totals, { reason, fingerprint, actorId: null, now, onHandAlready: true });
}

/**
 * Brings units into being: a receipt for each change, and as much more in the inventory. Rows that are there must be
 * locked already.
 *
 * @param changes one for each slot, above zero
 */
export async function receiveUnits(tx: Tx, changes: readonly InventoryChange[], arrival: Arrival): Promise<void> {
  const { now, ...said } = arrival;
  await storeReceipts(
    tx,
    changes.map((change) => ({ ...change, ...said, id: newUuid(), idempotencyKey: newUuid(), receivedAt: now })),
  );
  await tx
    .insert(inventory)
    .values(changes.map((change) => ({ ...change, updatedAt: now })))
    .onConflictDoUpdate({
      target: [inventory.warehouseId, inventory.productId],
      set: { units: sql`${inventory.units} + excluded.units`, updatedAt: sql`excluded.updated_at` },
    });
}

export interface Arrival {
  readonly reason: string;
  /** What they came for, as one line of text. */
  readonly fingerprint: string;
  /** Null when the system itself received them. */
  readonly actorId: string | null;
  /** Whether they lie in the warehouse already, so that nothing is to be brought there. Default: no. */
  readonly onHandAlready?: boolean;
  /** The database's time as text. */
  readonly now: string;
}
