import { eq, sql } from "drizzle-orm";
import { items, sales } from "../../drizzle/schema/index.ts";
import { changedMeanwhile } from "../audit/changed-meanwhile.ts";
import type { Tx } from "../database/database.ts";

/**
 * Counts an operator's change to a sale or to the stock of one of its items. The lock of the sale's row orders them all; it
 * comes after those of items and before those of the inventory.
 *
 * @param edits how many there were when the operator looked at the sale, where they say so
 * @throws Fault CHANGED_MEANWHILE when it has another number by now
 */
export async function countEdit(tx: Tx, { saleId, edits }: Edit): Promise<void> {
  const [row] = await tx
    .update(sales)
    .set({ edits: sql`${sales.edits} + 1` })
    .where(eq(sales.id, saleId))
    .returning({ editsAfter: sales.edits });
  if (!row) throw new Error(`the sale ${saleId} that is being changed is missing`);
  if (edits === undefined || row.editsAfter === edits + 1) return;
  const itemsOfSale = await tx.select({ id: items.id }).from(items).where(eq(items.saleId, saleId));
  throw await changedMeanwhile(tx, {
    what: "this sale",
    subjects: [`sale:${saleId}`, ...itemsOfSale.map(({ id }) => `item:${id}`)],
    editsNow: row.editsAfter - 1,
  });
}

interface Edit {
  readonly saleId: number;
  readonly edits: number | undefined;
}
