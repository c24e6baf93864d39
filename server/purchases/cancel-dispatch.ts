import { eq, sql } from "drizzle-orm";
import { dispatchCursors } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";

/**
 * Cancels the dispatch of a purchase if it has not begun: true, and its units never leave the warehouse. False: it has begun,
 * or is done.
 *
 * Locks the cursor of the item, whose own row must be locked already, then the task. So the purchase either has a task by
 * now, which is cancelled here, or `purchaseTasks` will find its refund and make none: the refund must be stored in this
 * transaction.
 */
export async function cancelDispatch(
  tx: Tx,
  { id, itemId, position }: { id: string; itemId: number; position: number },
  reason: string,
): Promise<boolean> {
  const [cursor] = await tx
    .select({ position: dispatchCursors.position })
    .from(dispatchCursors)
    .where(eq(dispatchCursors.itemId, itemId))
    .for("update");
  if (!cursor) throw new Error(`the item ${itemId} has no cursor`);
  if (position > cursor.position) return true;
  const [cancelled] = await tx.execute<{ done: boolean }>(
    sql`select cancel_dispatch(${id}::text, ${reason}::text) as done`,
  );
  return cancelled?.done === true;
}
