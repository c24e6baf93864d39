import { sql } from "drizzle-orm";
import { z } from "zod";
import type { ProductEvent, ProductPageInput } from "../../shared/products.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { isoTime, storedTimeSchema } from "../database/times.ts";

/**
 * What happened to a product, newest first, page by page: goods that came in, units that went to items of sales and back, and
 * what operators changed. A receipt says all that its entry in the audit log does. What it costs grows with this
 * product's history, and not with that of others.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function productHistory(
  { db }: Database,
  { productId, cursor, limit }: ProductPageInput,
): Promise<Page<ProductEvent>> {
  const [beforeTime = null, beforeRef = null] = decodeCursor(cursor, cursorSchema) ?? [];
  const rows = await db.execute<EventRow>(sql`
    select history.at, history.ref, history.kind, history.what, users.id as actor_id, users.name as actor_name
    from (
      select
        receipts.received_at as at, 'receipt-' || receipts.id as ref, 'received' as kind, receipts.actor_id,
        json_build_object(
          'warehouseName', warehouses.name, 'units', receipts.units, 'unitsAfter', receipts.units_after,
          'reason', receipts.reason
        ) as what
      from receipts
      join warehouses on warehouses.id = receipts.warehouse_id
      where receipts.product_id = ${productId}::bigint
      union all
      select
        stock_adjustments.adjusted_at, 'adjustment-' || stock_adjustments.id, 'adjusted', stock_adjustments.actor_id,
        json_build_object(
          'saleId', sales.id, 'saleName', sales.name, 'warehouseName', warehouses.name,
          'change', stock_adjustments.change, 'reason', stock_adjustments.reason
        )
      from items
      join stock_adjustments on stock_adjustments.item_id = items.id
      join sales on sales.id = items.sale_id
      join warehouses on warehouses.id = items.warehouse_id
      where items.product_id = ${productId}::bigint
      union all
      select
        audit_log.occurred_at, 'change-' || audit_log.id, 'changed', audit_log.actor_id,
        json_build_object('action', audit_log.action, 'details', audit_log.details)
      from audit_log
      where audit_log.subject = 'product:' || ${productId}::bigint and audit_log.action <> 'products.receive'
    ) as history
    left join users on users.id = history.actor_id
    where ${beforeTime}::timestamptz is null
      or (history.at, history.ref) < (${beforeTime}::timestamptz, ${beforeRef}::text)
    order by history.at desc, history.ref desc
    limit ${limit + 1}`);
  const { items, nextCursor } = page(rows, limit, ({ at, ref }) => encodeCursor([at, ref]));
  return { items: items.map(eventOf), nextCursor };
}

const cursorSchema = z.tuple([storedTimeSchema, z.string().regex(/^[\da-z-]+$/)]);

function eventOf({ at, kind, what, actor_id: id, actor_name: name }: EventRow): ProductEvent {
  const actor = id === null || name === null ? null : { id, name };
  // What each kind says stands in the statement above.
  return { kind, at: isoTime(at), actor, ...what } as ProductEvent;
}

interface EventRow extends Record<string, unknown> {
  readonly at: string;
  readonly ref: string;
  readonly kind: ProductEvent["kind"];
  readonly what: object;
  readonly actor_id: string | null;
  readonly actor_name: string | null;
}
