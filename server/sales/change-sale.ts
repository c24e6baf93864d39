import { asc, eq, sql } from "drizzle-orm";
import { items, sales } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { ChangeSaleInput, Sale, SaleStatus } from "../../shared/sales.ts";
import { changedMeanwhile } from "../audit/changed-meanwhile.ts";
import { recordAudit } from "../audit/record.ts";
import { readClock } from "../database/clock.ts";
import type { Database, Tx } from "../database/database.ts";
import { saleById } from "./by-id.ts";
import type { LiveSales } from "./live/live-sales.ts";
import { SALE_TIMES } from "./read-sales.ts";
import { lastingStatusAt, type SaleTimes } from "./sale-status.ts";

/**
 * Changes a sale in one transaction: locks it, lets `decide` look at it, writes what that decides together with a
 * higher version and an audit entry, and tells the viewers once it is committed.
 *
 * @param change.edits how many edits the sale had when the operator looked at it, where they say so
 * @param decide answers what to set and what to keep in the audit log, or undefined when there is nothing to change:
 *   the sale is then answered as it is; it throws a Fault when the change is not allowed
 * @throws Fault NOT_FOUND; CHANGED_MEANWHILE when there is something to change, or it is refused, and the sale has been
 *   edited since
 */
export async function changeSale(
  { database, liveSales }: SaleServices,
  { actorId, action, saleId, edits, reason }: ChangeSaleInput & { actorId: string; action: SaleAction },
  decide: Decide,
): Promise<Sale> {
  const { sale, changed } = await database.withTransaction(
    async (tx) => {
      const change = await decideFor(await lockSale(tx, saleId), { edits, decide, tx });
      if (change) {
        await countEdit(tx, { saleId, edits });
        await tx
          .update(sales)
          .set({ ...change.set, version: sql`${sales.version} + 1` })
          .where(eq(sales.id, saleId));
        await recordAudit(tx, {
          actorKind: "person",
          actorId,
          action,
          subject: `sale:${saleId}`,
          details: { ...change.details, ...(reason !== undefined && { reason }) },
        });
      }
      return { sale: await saleById(tx, saleId), changed: change !== undefined };
    },
    { name: action },
  );
  if (changed) liveSales.changed(saleId);
  return sale;
}

/** Who saw an earlier state hears of that first: what is refused now may be so because of what changed. */
async function decideFor(
  sale: LockedSale,
  { edits, decide, tx }: { edits: number | undefined; decide: Decide; tx: Tx },
): Promise<SaleChange | undefined> {
  try {
    return await decide(sale, tx);
  } catch (error) {
    if (!(error instanceof Fault) || edits === undefined || edits === sale.edits) throw error;
    throw await saleChangedMeanwhile(tx, { saleId: sale.id, editsNow: sale.edits });
  }
}

type Decide = (sale: LockedSale, tx: Tx) => SaleChange | undefined | Promise<SaleChange | undefined>;

/** What changes of sales work with. */
export interface SaleServices {
  readonly database: Database;
  /** Told after the commit. */
  readonly liveSales: Pick<LiveSales, "changed">;
}

export interface SaleChange {
  readonly set: Partial<
    Pick<
      typeof sales.$inferInsert,
      | "name"
      | "startsAt"
      | "endsAt"
      | "limitPerCustomer"
      | "needsAccessCode"
      | "pausedAt"
      | "cancelledAt"
      | "leftoversReturnedAt"
    >
  >;
  readonly details: Record<string, unknown>;
}

/** As the audit log calls it. */
type SaleAction = "sales.cancel" | "sales.pause" | "sales.resume" | "sales.update";

/**
 * Counts an operator's change to a sale or to the stock of one of its items. The lock of the sale's row orders them all; it
 * comes after those of items and before those of the inventory.
 *
 * @param edits how many there were when the operator looked at the sale, where they say so
 * @throws Fault CHANGED_MEANWHILE when it has another number by now
 */
export async function countEdit(tx: Tx, { saleId, edits }: Pick<ChangeSaleInput, "saleId" | "edits">): Promise<void> {
  const [row] = await tx
    .update(sales)
    .set({ edits: sql`${sales.edits} + 1` })
    .where(eq(sales.id, saleId))
    .returning({ editsAfter: sales.edits });
  if (!row) throw new Error(`the sale ${saleId} that is being changed is missing`);
  if (edits === undefined || row.editsAfter === edits + 1) return;
  throw await saleChangedMeanwhile(tx, { saleId, editsNow: row.editsAfter - 1 });
}

async function saleChangedMeanwhile(tx: Tx, { saleId, editsNow }: { saleId: number; editsNow: number }) {
  const itemsOfSale = await tx.select({ id: items.id }).from(items).where(eq(items.saleId, saleId));
  const subjects = [`sale:${saleId}`, ...itemsOfSale.map(({ id }) => `item:${id}`)];
  return changedMeanwhile(tx, { what: "this sale", subjects, editsNow });
}

/**
 * Locks a sale for a change by an operator: its items first, ascending by id, then the sale itself. A purchase holds
 * its item's lock until it commits, so nothing is being bought from this sale while the locks are held, and every
 * purchase that follows sees the change.
 *
 * @returns the sale and its items as they stand under the locks, with the database's time read after them, which
 *   decides what is allowed and is what gets stored
 * @throws Fault NOT_FOUND
 */
async function lockSale(tx: Tx, saleId: number): Promise<LockedSale> {
  await lockItems(tx, saleId);
  const [row] = await tx
    .select({
      id: sales.id,
      name: sales.name,
      limitPerCustomer: sales.limitPerCustomer,
      needsAccessCode: sales.needsAccessCode,
      edits: sales.edits,
      ...SALE_TIMES,
      leftoversReturnedAt: sales.leftoversReturnedAt,
    })
    .from(sales)
    .where(eq(sales.id, saleId))
    .for("update");
  if (!row) throw new Fault("NOT_FOUND", `There is no sale with the id ${saleId}.`);
  // Whoever held the items before may have added some, which the first look could not see. Items are added under the lock
  // of the sale, so that these are all.
  const itemRows = await lockItems(tx, saleId);
  const { leftoversReturnedAt, ...sale } = row;
  const { now, nowMs } = await readClock(tx);
  const status = lastingStatusAt({ ...sale, leftoversReturnedAt }, nowMs);
  const inOrder = itemRows.toSorted((a, b) => a.ordinal - b.ordinal);
  return {
    ...sale,
    items: inOrder.filter(({ withdrawnAt }) => withdrawnAt === null),
    nextOrdinal: (inOrder.at(-1)?.ordinal ?? -1) + 1,
    now,
    nowMs,
    status,
  };
}

function lockItems(tx: Tx, saleId: number): Promise<LockedItem[]> {
  return tx.select().from(items).where(eq(items.saleId, saleId)).orderBy(asc(items.id)).for("update");
}

export interface LockedSale extends SaleTimes {
  readonly id: number;
  readonly name: string;
  readonly limitPerCustomer: number | null;
  readonly needsAccessCode: boolean;
  readonly edits: number;
  /** In their order, without those that were taken out of the sale. */
  readonly items: readonly LockedItem[];
  /** Above that of every item that the sale ever had. */
  readonly nextOrdinal: number;
  /** The database's time as text, with microseconds. */
  readonly now: string;
  readonly nowMs: number;
  readonly status: SaleStatus;
}

export type LockedItem = typeof items.$inferSelect;
