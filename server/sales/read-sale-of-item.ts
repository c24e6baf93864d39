import { eq } from "drizzle-orm";
import { sales } from "../../drizzle/schema/index.ts";
import type { SaleStatus } from "../../shared/sales.ts";
import { readClock } from "../database/clock.ts";
import type { Tx } from "../database/database.ts";
import { SALE_TIMES } from "./read-sales.ts";
import { lastingStatusAt } from "./sale-status.ts";

/**
 * The status of a sale, for whoever holds the lock of one of its items: a change to the sale, and the return of what it
 * has left, take that lock first. The clock is read last.
 */
export async function readSaleOfItem(tx: Tx, { saleId }: { saleId: number }): Promise<SaleOfItem> {
  const [sale] = await tx
    .select({ ...SALE_TIMES, leftoversReturnedAt: sales.leftoversReturnedAt })
    .from(sales)
    .where(eq(sales.id, saleId));
  if (!sale) throw new Error(`the sale ${saleId} of a locked item is missing`);
  const { now, nowMs } = await readClock(tx);
  const status = lastingStatusAt(sale, nowMs);
  return { status, isOver: status === "ended" || status === "cancelled", now };
}

export interface SaleOfItem {
  readonly status: SaleStatus;
  readonly isOver: boolean;
  /** The database's time as text, with microseconds. */
  readonly now: string;
}
