import { asc, eq } from "drizzle-orm";
import { items, sales } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { SaleStatus } from "../../shared/sales.ts";
import { readClock } from "../database/clock.ts";
import type { Tx } from "../database/database.ts";
import { epochMs, epochMsOrNull } from "../database/times.ts";
import { lastingStatusAt } from "./sale-status.ts";

/**
 * Locks a sale for a change by an operator: its items first, ascending by id, then the sale itself. A purchase holds
 * its item's lock until it commits, so nothing is being bought from this sale while the locks are held, and every
 * purchase that follows sees the change.
 *
 * @returns the sale and its items as they stand under the locks, with the database's time read after them, which
 *   decides what is allowed and is what gets stored
 * @throws Fault NOT_FOUND
 */
export async function lockSale(tx: Tx, saleId: number): Promise<LockedSale> {
  const itemRows = await tx.select().from(items).where(eq(items.saleId, saleId)).orderBy(asc(items.id)).for("update");
  const [row] = await tx.select(saleColumns).from(sales).where(eq(sales.id, saleId)).for("update");
  if (!row) throw new Fault("NOT_FOUND", `There is no sale with the id ${saleId}.`);
  const { leftoversReturnedAt, ...sale } = row;
  const { now, nowMs } = await readClock(tx);
  const status = lastingStatusAt({ ...sale, leftoversReturnedAt }, nowMs);
  return { ...sale, items: itemRows, now, nowMs, status };
}

const saleColumns = {
  id: sales.id,
  name: sales.name,
  startsAtMs: epochMs(sales.startsAt),
  endsAtMs: epochMs(sales.endsAt),
  pausedAtMs: epochMsOrNull(sales.pausedAt),
  cancelledAtMs: epochMsOrNull(sales.cancelledAt),
  leftoversReturnedAt: sales.leftoversReturnedAt,
};

export interface LockedSale {
  readonly id: number;
  readonly name: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly pausedAtMs: number | null;
  readonly cancelledAtMs: number | null;
  readonly items: readonly LockedItem[];
  /** The database's time as text, with microseconds. */
  readonly now: string;
  readonly nowMs: number;
  readonly status: SaleStatus;
}

export type LockedItem = typeof items.$inferSelect;
