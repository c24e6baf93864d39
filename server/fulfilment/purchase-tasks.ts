import { and, eq, sql } from "drizzle-orm";
import { dispatchCursors, items } from "../../drizzle/schema/index.ts";
import type { Database, Tx } from "../database/database.ts";
import type { TaskSource } from "../tasks/handler.ts";

/**
 * Makes the tasks that dispatch purchases, in sets.
 *
 * Positions of an item are given under its lock, so those that can be seen are all of 1 to the last one. The item's cursor
 * says how many of them have become tasks; it moves in the transaction that stores them, under its own lock. So whenever a
 * worker dies, none is missed and none made twice. The item's row, which is hot, is only read.
 *
 * A purchase that was refunded before the cursor came to it is passed over: its units went back (`cancel-dispatch.ts`).
 */
export function purchaseTasks(database: Database): TaskSource {
  return {
    // What is sold is heard of where open pages hear of it.
    channel: "sales",
    async derive() {
      // Positions rather than tasks, so that refunded ones do not look as if nothing was left.
      let positions = 0;
      const { behind, over } = await lookAtItems(database);
      for (const itemId of behind) {
        positions += await database.withTransaction((tx) => deriveFor(tx, itemId), {
          name: "fulfilment.purchaseTasks",
        });
      }
      if (over.length > 0) await database.withTransaction((tx) => close(tx, over), { name: "fulfilment.closeCursors" });
      return positions;
    },
  };
}

/** Of the cursors that are open: items with purchases above, and those that nothing will be sold of any more. */
async function lookAtItems({ db }: Database): Promise<{ behind: number[]; over: number[] }> {
  // The open cursors first, whatever the statistics say: of a store that has sold for years they are few.
  const rows = await db.execute<{ itemId: number; isBehind: boolean }>(sql`
    with open as materialized (
      select item_id, position from dispatch_cursors where not is_closed
    )
    select items.id as "itemId", items.last_position > open.position as "isBehind"
    from open
    join items on items.id = open.item_id
    join sales on sales.id = items.sale_id
    where items.last_position > open.position or sales.leftovers_returned_at is not null
    order by "isBehind" desc, items.id
    limit ${ITEMS_AT_ONCE}
  `);
  const idsThat = (are: boolean) => rows.filter((row) => row.isBehind === are).map((row) => row.itemId);
  return { behind: idsThat(true), over: idsThat(false) };
}

/** Once a sale's leftovers went back to the inventory nothing of it is for sale, for good. */
async function close(tx: Tx, itemIds: readonly number[]): Promise<void> {
  await tx
    .update(dispatchCursors)
    .set({ isClosed: true })
    .from(items)
    .where(
      and(
        sql`${dispatchCursors.itemId} = any(${sql.param(itemIds)}::bigint[])`,
        eq(items.id, dispatchCursors.itemId),
        eq(items.lastPosition, dispatchCursors.position),
      ),
    );
}

async function deriveFor(tx: Tx, itemId: number): Promise<number> {
  const [cursor] = await tx
    .select({ position: dispatchCursors.position })
    .from(dispatchCursors)
    .where(eq(dispatchCursors.itemId, itemId))
    // Whoever holds it derives just now, or refunds a purchase: there is a next time.
    .for("update", { skipLocked: true });
  if (!cursor) return 0;
  // A statement after the lock, so that it sees all refunds that were stored under it.
  const [derived] = await tx.execute<{ positions: number }>(sql`
    with sold as materialized (
      select attempts.id, attempts.position, attempts.quantity, attempts.idempotency_key, items.product_id
      from purchase_attempts as attempts
      join items on items.id = attempts.item_id
      where attempts.item_id = ${itemId}
        and attempts.position > ${cursor.position}
        and attempts.position <= ${cursor.position + POSITIONS_AT_ONCE}
    ),
    made as (
      insert into tasks (task_id, kind, payload, due_at, attempts_max, trace_id, created_at)
      select
        sold.id::text,
        'dispatch',
        jsonb_build_object(
          'reference', sold.id,
          'purchaseId', sold.id,
          'lines', jsonb_build_array(jsonb_build_object('productId', sold.product_id, 'quantity', sold.quantity))
        ),
        statement_timestamp(),
        ${ATTEMPTS_MAX}::integer,
        replace(sold.idempotency_key::text, '-', ''),
        statement_timestamp()
      from sold
      where not exists (select from refunds where refunds.purchase_id = sold.id and refunds.units_returned)
      order by sold.position
      returning id
    ),
    logged as (
      insert into task_log (task, event, attempt, version, at)
      select id, 'submitted', 0, 0, statement_timestamp() from made
    ),
    moved as (
      update dispatch_cursors
      set position = last.position
      from (select max(position) as position from sold) as last
      where item_id = ${itemId} and last.position is not null
    )
    select count(*)::float8 as positions from sold
  `);
  return derived?.positions ?? 0;
}

/** Some tens of milliseconds of work, for which a refund of the same item may have to wait. */
const POSITIONS_AT_ONCE = 1_000;

/** Bounds one round; the next one follows at once. */
const ITEMS_AT_ONCE = 500;

/** More than a day of attempts: an outage of the warehouse is waited for, however long. */
const ATTEMPTS_MAX = 10_000;
