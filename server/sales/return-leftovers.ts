import { and, asc, count, inArray, isNull } from "drizzle-orm";
import { items, sales } from "../../drizzle/schema/index.ts";
import { recordAudit } from "../audit/record.ts";
import { readClock } from "../database/clock.ts";
import type { Tx } from "../database/database.ts";
import { moveToInventory, returnedDetails } from "./move-to-inventory.ts";
import { SALE_TIMES } from "./read-sales.ts";
import { saleStatusAt } from "./sale-status.ts";

/**
 * Puts what sales that are over have left back into the inventory, once.
 *
 *   lock the items of the sales ▶ lock the sales ▶ read the clock ▶ those that are over: items to inventory, marked
 *
 * A purchase holds its item's lock until it is committed and reads the clock under it. So none is under way while the
 * locks are held here, and one that comes later finds its sale over. An extension of a sale takes the same locks: it is
 * either seen here or finds the sale over.
 *
 * @param lock `skip` leaves a sale alone of which somebody else holds a row; `wait` waits for it
 * @returns the sales whose stock has changed
 */
export async function returnLeftovers(tx: Tx, saleIds: readonly number[], lock: "wait" | "skip"): Promise<number[]> {
  const locked = await tx
    .select()
    .from(items)
    .where(inArray(items.saleId, [...saleIds]))
    .orderBy(asc(items.id))
    .for("update", lock === "skip" ? { skipLocked: true } : {});
  const itemsOf = Map.groupBy(locked, (item) => item.saleId);
  const itemCounts = await countItems(tx, saleIds);
  const whole = saleIds.filter((saleId) => (itemCounts.get(saleId) ?? 0) === (itemsOf.get(saleId)?.length ?? 0));
  if (whole.length === 0) return [];

  const lockedSales = await tx
    .select({ id: sales.id, ...SALE_TIMES })
    .from(sales)
    .where(and(inArray(sales.id, whole), isNull(sales.leftoversReturnedAt)))
    .orderBy(asc(sales.id))
    .for("update");
  const { now, nowMs } = await readClock(tx);
  const over = lockedSales.filter((sale) => {
    const status = saleStatusAt(sale, nowMs);
    return status === "ended" || status === "cancelled";
  });
  if (over.length === 0) return [];

  const leftovers = over.flatMap((sale) => itemsOf.get(sale.id) ?? []).filter((item) => item.remaining > 0);
  await moveToInventory(tx, leftovers, { actorId: null, now });
  await tx
    .update(sales)
    .set({ leftoversReturnedAt: now })
    .where(
      inArray(
        sales.id,
        over.map((sale) => sale.id),
      ),
    );
  const leftoversOf = Map.groupBy(leftovers, (item) => item.saleId);
  for (const [saleId, itemsLeft] of leftoversOf) {
    await recordAudit(tx, {
      actorKind: "system",
      actorId: null,
      action: "sales.returnLeftovers",
      subject: `sale:${saleId}`,
      details: { returned: returnedDetails(itemsLeft) },
    });
  }
  return [...leftoversOf.keys()];
}

/**
 * Without a lock: items join a sale before its start only, under the locks of those that it has. One that is counted here and
 * was not there to be locked leaves the sale for the next look.
 */
async function countItems(tx: Tx, saleIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await tx
    .select({ saleId: items.saleId, count: count() })
    .from(items)
    .where(inArray(items.saleId, [...saleIds]))
    .groupBy(items.saleId);
  return new Map(rows.map((row) => [row.saleId, row.count]));
}
