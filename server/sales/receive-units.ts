import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { inventory } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";
import { storeReceipts } from "../products/store-receipts.ts";
import type { InventoryChange } from "./change-inventory.ts";

/**
 * Brings units into being: a receipt for each change, and as much more in the inventory. Rows that are there must be
 * locked already.
 *
 * @param changes one for each place, above zero
 */
export async function receiveUnits(tx: Tx, changes: readonly InventoryChange[], arrival: Arrival): Promise<void> {
  const { now, ...said } = arrival;
  await storeReceipts(
    tx,
    changes.map((change) => ({ ...change, ...said, id: uuidv7(), idempotencyKey: uuidv7(), receivedAt: now })),
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
