import { and, asc, desc, eq, inArray, ne, sql } from "drizzle-orm";
import {
  auditLog,
  inventory,
  items,
  products,
  refunds,
  sales,
  stockAdjustments,
  users,
  warehouses,
} from "../../drizzle/schema/index.ts";
import type { SaleDetails } from "../../shared/sales.ts";
import type { Database } from "../database/database.ts";
import type { Databases } from "../database/databases.ts";
import { isoTime } from "../database/times.ts";
import { saleById } from "./by-id.ts";
import type { LiveSales } from "./live/live-sales.ts";

/**
 * One sale as staff see it: where its units come from and what is there, what was sold and paid, who changed it last. It
 * reads no purchases: their number is the item's position, and what they paid follows from units, price and refunds, so that
 * it costs the same in the middle of a sale.
 *
 * @throws Fault NOT_FOUND
 */
export async function saleDetails(
  { operatorReads: { db }, liveSales, purchaseBatcher }: DetailsServices,
  saleId: number,
): Promise<SaleDetails> {
  const sale = await saleById(db, saleId);
  const rows = await readItems(db, saleId);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const [{ createdAt } = { createdAt: sale.startsAt }] = await db
    .select({ createdAt: sales.createdAt })
    .from(sales)
    .where(eq(sales.id, saleId));
  return {
    ...sale,
    items: sale.items.flatMap((item) => {
      const row = rowOf.get(item.id);
      return row ? [{ ...item, ...detailsOf(row) }] : [];
    }),
    createdAt: isoTime(createdAt),
    viewers: liveSales.viewers(saleId),
    waiting: purchaseBatcher.waitingFor(rows.map(({ id }) => id)),
    lastChange: await readLastChange(db, [`sale:${saleId}`, ...rows.map(({ id }) => `item:${id}`)]),
  };
}

export interface DetailsServices extends Pick<Databases, "operatorReads"> {
  readonly liveSales: Pick<LiveSales, "viewers">;
  readonly purchaseBatcher: { waitingFor(itemIds: readonly number[]): number };
}

function readItems(db: Database["db"], saleId: number) {
  const refunded = db
    .select({
      itemId: refunds.itemId,
      refunds: sql<number>`count(*)::int`.as("refund_count"),
      refundedCents: sql<number>`sum(${refunds.amountCents})::float8`.as("refunded_cents"),
      returned: sql<number>`coalesce(sum(${refunds.quantity}) filter (where ${refunds.unitsReturned}), 0)::int`.as(
        "returned",
      ),
    })
    .from(refunds)
    .where(inArray(refunds.itemId, db.select({ id: items.id }).from(items).where(eq(items.saleId, saleId))))
    .groupBy(refunds.itemId)
    .as("refunded");
  return db
    .select({
      id: items.id,
      allotted: items.allotted,
      remaining: items.remaining,
      priceCents: items.priceCents,
      purchases: items.lastPosition,
      warehouseId: items.warehouseId,
      warehouseName: warehouses.name,
      there: sql<number>`coalesce(${inventory.units}, 0)`,
      onlyInSales: products.onlyInSales,
      refunds: sql<number>`coalesce(${refunded.refunds}, 0)`,
      refundedCents: sql<number>`coalesce(${refunded.refundedCents}, 0)`,
      returned: sql<number>`coalesce(${refunded.returned}, 0)`,
      leftOver: LEFT_OVER,
    })
    .from(items)
    .innerJoin(warehouses, eq(warehouses.id, items.warehouseId))
    .innerJoin(products, eq(products.id, items.productId))
    .leftJoin(inventory, and(eq(inventory.warehouseId, items.warehouseId), eq(inventory.productId, items.productId)))
    .leftJoin(refunded, eq(refunded.itemId, items.id))
    .where(eq(items.saleId, saleId))
    .orderBy(asc(items.ordinal));
}

/** What went back to the inventory when the sale was over. */
const LEFT_OVER = sql<number>`(
  select coalesce(-sum(a.change), 0)::int
  from ${stockAdjustments} as a
  where a.item_id = ${items.id} and a.fingerprint = 'item=' || a.item_id || '&left=' || -a.change
)`;

/** Units and price as they stand in one row: what is sold and what it brought fit each other. */
function detailsOf({ id: _, priceCents, refundedCents, returned, leftOver, ...row }: ItemRow) {
  const sold = row.allotted - row.remaining;
  // A price stays once its item can be sold.
  return { ...row, offered: row.allotted + leftOver, sold, takenCents: (sold + returned) * priceCents - refundedCents };
}

async function readLastChange(db: Database["db"], subjects: string[]): Promise<SaleDetails["lastChange"]> {
  const [last] = await db
    .select({ at: auditLog.occurredAt, by: users.name, action: auditLog.action })
    .from(auditLog)
    .innerJoin(users, eq(users.id, auditLog.actorId))
    .where(
      and(inArray(auditLog.subject, subjects), eq(auditLog.outcome, "success"), ne(auditLog.action, "sales.create")),
    )
    .orderBy(desc(auditLog.occurredAt))
    .limit(1);
  return last ? { ...last, at: isoTime(last.at) } : null;
}

type ItemRow = Awaited<ReturnType<typeof readItems>>[number];
