import { sql } from "drizzle-orm";
import type { Tx } from "../../database/database.ts";

/** An item that is looked at, and which of its purchases are. */
export interface ItemLook {
  readonly itemId: number;
  readonly lastPosition: number;
  /** Purchases above the first position, up to the second. */
  readonly above: number;
  readonly upto: number;
  /** Of those: how many there are, at how many positions, and how many units they sold. */
  readonly purchases: number;
  readonly positions: number;
  /** Sold by all purchases up to `upto`. */
  readonly unitsSold: number;
  /** The tasks of purchases above the first position, up to the second. */
  readonly tasksAbove: number;
  readonly tasksUpto: number;
  /** As they stand, where all purchases are looked at, so that the stock can be checked; else null. */
  readonly stock: { readonly allotted: number; readonly remaining: number } | null;
  /** Nothing will be sold of it any more, and everything has been looked at. */
  readonly isSettled: boolean;
}

/**
 * Items that sold something, whose stock is another than when it was checked, or of which rows by time tell; those with
 * the fewest new purchases first, so that a hot one does not keep the others waiting.
 */
export async function lookAtItems(
  tx: Tx,
  { after, until }: { after: string; until: string },
  sizeMax: number,
): Promise<{ items: ItemLook[]; isPartial: boolean }> {
  const rows = await tx.execute<Row>(sql`
    with unsettled as materialized (
      select * from reconcile_marks where not is_settled
    ),
    touched as materialized (
      select item_id from refunds where refunded_at > ${after} and refunded_at <= ${until}
      union
      select item_id from stock_adjustments where adjusted_at > ${after} and adjusted_at <= ${until}
    ),
    looked as (
      select * from unsettled
      union
      select marks.* from touched join reconcile_marks as marks on marks.item_id = touched.item_id
    )
    select
      items.id as "itemId",
      items.last_position as "lastPosition",
      items.allotted,
      items.remaining,
      looked.position as above,
      looked.units_sold as "unitsSold",
      looked.tasks_position as "tasksAbove",
      least(coalesce(cursors.position, 0), items.last_position) as "cursor",
      coalesce(cursors.is_closed, false) as "isClosed"
    from looked
    join items on items.id = looked.item_id
    left join dispatch_cursors as cursors on cursors.item_id = looked.item_id
    where (items.last_position, items.allotted, items.remaining, coalesce(cursors.position, 0))
        is distinct from (looked.position, looked.allotted, looked.remaining, looked.tasks_position)
      or cursors.is_closed
      or items.id in (select item_id from touched)
    order by
      items.id in (select item_id from touched) desc,
      items.last_position - looked.position + coalesce(cursors.position, 0) - looked.tasks_position,
      items.id
    limit (select count(*) from touched) + ${ITEMS_MAX}
  `);
  // Each gets its part of what a run may look at, in their order.
  let left = sizeMax;
  const upTo = (from: number, to: number) => {
    const taken = Math.max(0, Math.min(to - from, left));
    left -= taken;
    return from + taken;
  };
  const ranges = rows.map((row) => ({
    ...row,
    upto: upTo(row.above, row.lastPosition),
    tasksUpto: upTo(row.tasksAbove, row.cursor),
  }));
  const sold = await countSold(tx, ranges);
  const items = ranges.map(({ allotted, remaining, isClosed, ...range }) => {
    const { units, ...counted } = sold.get(range.itemId) ?? { purchases: 0, positions: 0, units: 0 };
    const isAll = range.upto === range.lastPosition;
    return {
      ...range,
      ...counted,
      unitsSold: range.unitsSold + units,
      stock: isAll ? { allotted, remaining } : null,
      isSettled: isClosed && isAll && range.tasksUpto === range.lastPosition,
    };
  });
  const isPartial = items.some((item) => item.upto < item.lastPosition || item.tasksUpto < item.cursor);
  return { items, isPartial: isPartial || rows.length >= ITEMS_MAX };
}

async function countSold(tx: Tx, ranges: readonly Range[]): Promise<Map<number, Sold>> {
  const column = (name: keyof Range) => sql`${sql.param(ranges.map((range) => range[name]))}::bigint[]`;
  const rows = await tx.execute<Sold & { itemId: number }>(sql`
    select
      range.item_id as "itemId",
      count(*) as purchases,
      count(distinct attempts.position) as positions,
      sum(attempts.quantity)::bigint as units
    from unnest(${column("itemId")}, ${column("above")}, ${column("upto")}) as range (item_id, above, upto)
    join purchase_attempts as attempts
      on attempts.item_id = range.item_id and attempts.position > range.above and attempts.position <= range.upto
    group by range.item_id
  `);
  return new Map(rows.map(({ itemId, ...counted }) => [itemId, counted]));
}

/** Bounds the first runs over a store that has had thousands of sales; the rest comes with the next. */
const ITEMS_MAX = 2_000;

type Range = Pick<ItemLook, "itemId" | "above" | "upto">;

type Sold = { purchases: number; positions: number; units: number };

/** `unitsSold` up to `above`. */
type Row = Pick<ItemLook, "itemId" | "lastPosition" | "above" | "unitsSold" | "tasksAbove"> & {
  allotted: number;
  remaining: number;
  /** Up to which position purchases have tasks. */
  cursor: number;
  isClosed: boolean;
};
