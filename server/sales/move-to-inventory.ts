import { sql } from "drizzle-orm";
import { items, stockAdjustments } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";
import type { LockedItem } from "./change-sale.ts";
import { giveBackUnits } from "./inventory.ts";

/**
 * Moves all units that locked items still have for sale into the inventory. The allotment falls by as much, so for each
 * item allotted = remaining + sold − refunded stays true.
 */
export async function moveToInventory(
  tx: Tx,
  leftovers: readonly LockedItem[],
  { actorId, now, reason = "left over" }: { actorId: string | null; now: string; reason?: string },
): Promise<void> {
  if (leftovers.length === 0) return;
  // One parameter, however many they are.
  const isOneOfThem = sql`${items.id} = any(${sql.param(leftovers.map((item) => item.id))}::bigint[])`;
  await giveBackUnits(
    tx,
    leftovers.map(({ warehouseId, productId, remaining }) => ({ warehouseId, productId, units: remaining })),
  );
  await tx.insert(stockAdjustments).select(
    tx
      .select({
        id: sql`gen_random_uuid()`.as("id"),
        itemId: items.id,
        change: sql`-${items.remaining}`.as("change"),
        allottedAfter: sql`${items.allotted} - ${items.remaining}`.as("allotted_after"),
        remainingAfter: sql`0`.as("remaining_after"),
        reason: sql`${reason}::text`.as("reason"),
        actorId: sql`${actorId}::uuid`.as("actor_id"),
        idempotencyKey: sql`gen_random_uuid()::text`.as("idempotency_key"),
        fingerprint: sql`'item=' || ${items.id} || '&left=' || ${items.remaining}`.as("fingerprint"),
        adjustedAt: sql`${now}::timestamptz`.as("adjusted_at"),
      })
      .from(items)
      .where(isOneOfThem),
  );
  await tx
    .update(items)
    .set({
      allotted: sql`${items.allotted} - ${items.remaining}`,
      remaining: 0,
      version: sql`${items.version} + 1`,
    })
    .where(isOneOfThem);
}

/** What the audit log keeps of it. */
export function returnedDetails(leftovers: readonly LockedItem[]): Record<string, number>[] {
  return leftovers.map(({ id, warehouseId, productId, remaining }) => {
    return { itemId: id, warehouseId, productId, units: remaining };
  });
}
