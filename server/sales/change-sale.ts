import { eq, sql } from "drizzle-orm";
import { sales } from "../../drizzle/schema/index.ts";
import type { ChangeSaleInput, Sale } from "../../shared/sales.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database, Tx } from "../database/database.ts";
import { saleById } from "./by-id.ts";
import { countEdit } from "./count-edit.ts";
import type { LiveSales } from "./live/live-sales.ts";
import { type LockedSale, lockSale } from "./lock-sale.ts";

/**
 * Changes a sale in one transaction: locks it, lets `decide` look at it, writes what that decides together with a
 * higher version and an audit entry, and tells the viewers once it is committed.
 *
 * @param change.edits how many edits the sale had when the operator looked at it, where they say so
 * @param decide answers what to set and what to keep in the audit log, or undefined when there is nothing to change:
 *   the sale is then answered as it is; it throws a Fault when the change is not allowed
 * @throws Fault NOT_FOUND; CHANGED_MEANWHILE when there is something to change and the sale has been edited since
 */
export async function changeSale(
  { database, liveSales }: SaleServices,
  { actorId, action, saleId, edits, reason }: ChangeSaleInput & { actorId: string; action: SaleAction },
  decide: (sale: LockedSale, tx: Tx) => SaleChange | undefined | Promise<SaleChange | undefined>,
): Promise<Sale> {
  const { sale, changed } = await database.withTransaction(
    async (tx) => {
      const change = await decide(await lockSale(tx, saleId), tx);
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
          outcome: "success",
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

/** What changes of sales work with. */
export interface SaleServices {
  readonly database: Database;
  /** Told after the commit. */
  readonly liveSales: Pick<LiveSales, "changed">;
}

export interface SaleChange {
  readonly set: Partial<
    Pick<typeof sales.$inferInsert, "name" | "startsAt" | "endsAt" | "pausedAt" | "cancelledAt" | "leftoversReturnedAt">
  >;
  readonly details: Record<string, unknown>;
}

/** As the audit log calls it. */
type SaleAction = "sales.cancel" | "sales.pause" | "sales.resume" | "sales.update";
