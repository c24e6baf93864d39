import { inArray } from "drizzle-orm";
import { products, warehouses } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Tx } from "../database/database.ts";
import {
  type Arrival,
  changeInventory,
  type InventoryChange,
  lockInventory,
  receiveUnits,
  slotName,
  totalsBySlot,
} from "./inventory.ts";

/**
 * Takes units out of the inventory for items of a sale, all of them or none. Several demands for one product in one
 * warehouse count together. What is missing of a product that exists for sales alone is received first, because nobody
 * else receives it. Locks as `lockInventory` says, and judges what is there under the locks.
 *
 * @param arrival what the receipts say, where there are any
 * @throws Fault INSUFFICIENT_STOCK that says which products are short, where, and by how much
 */
export async function takeUnits(tx: Tx, demands: readonly InventoryChange[], arrival: Arrival): Promise<void> {
  const totals = totalsBySlot(demands);
  if (totals.length === 0) return;
  const there = await lockInventory(tx, totals);
  const short = totals
    .map((demand) => ({ ...demand, available: there.get(slotName(demand)) ?? 0 }))
    .filter(({ available, units }) => available < units);
  if (short.length > 0) await receiveMissing(tx, short, arrival);

  await changeInventory(
    tx,
    totals.map((demand) => ({ ...demand, units: -demand.units })),
  );
}

async function receiveMissing(tx: Tx, short: readonly Shortage[], arrival: Arrival): Promise<void> {
  const rows = await tx
    .select({ id: products.id, name: products.name, onlyInSales: products.onlyInSales })
    .from(products)
    .where(
      inArray(
        products.id,
        short.map((demand) => demand.productId),
      ),
    );
  const productOf = new Map(rows.map((row) => [row.id, row]));
  const refused = short.filter(({ productId }) => !productOf.get(productId)?.onlyInSales);
  if (refused.length > 0) {
    const named = refused.map((shortage) => ({ ...shortage, name: productOf.get(shortage.productId)?.name ?? "" }));
    throw new Fault("INSUFFICIENT_STOCK", await shortageSentence(tx, named));
  }
  await receiveUnits(
    tx,
    short.map(({ available, units, ...slot }) => ({ ...slot, units: units - available })),
    arrival,
  );
}

/** `Main warehouse has 12 of "Halo desk lamp", 18 too few.` */
async function shortageSentence(tx: Tx, short: readonly (Shortage & { name: string })[]): Promise<string> {
  const rows = await tx.select({ id: warehouses.id, name: warehouses.name }).from(warehouses);
  const warehouseNames = new Map(rows.map((row) => [row.id, row.name]));
  const parts = short
    .slice(0, SHORTAGES_SHOWN_MAX)
    .map(
      ({ warehouseId, name, available, units }) =>
        `${warehouseNames.get(warehouseId)} has ${COUNT.format(available)} of "${name}", ${COUNT.format(units - available)} too few`,
    );
  const others = short.length - parts.length;
  if (others > 0) parts.push(others === 1 ? "and 1 more product is short" : `and ${others} more products are short`);
  return `${parts.join("; ")}.`;
}

/** As the page writes numbers. */
const COUNT = new Intl.NumberFormat("en");

/** A sentence, not a page. */
const SHORTAGES_SHOWN_MAX = 5;

interface Shortage extends InventoryChange {
  readonly available: number;
}
