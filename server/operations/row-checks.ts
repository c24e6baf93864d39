import { type SQL, sql } from "drizzle-orm";
import type { Check } from "./checks.ts";

/*
 * Invariants of single rows, over all rows or over some of them: each is given where they are to be read from, a table or a
 * subquery with the columns of one.
 */

export function checkOwners(attempts: SQL): Check {
  return {
    // No foreign key sees to it: see the migration 0001.
    name: "owners",
    holds: "each attempt names a user with a wallet, and an item",
    subjects: sql`select count(*) from ${attempts} as attempts`,
    violations: sql`
    select format('attempt %s: user %s, item %s', attempts.id, attempts.user_id, attempts.item_id)
    from ${attempts} as attempts
    left join wallets on wallets.user_id = attempts.user_id
    left join items on items.id = attempts.item_id
    where wallets.user_id is null or items.id is null`,
  };
}

export function checkAmounts(attempts: SQL): Check {
  return {
    name: "amounts",
    holds: "each purchase: amount = quantity x the item's price",
    subjects: sql`select count(*) from ${attempts} as attempts where position is not null`,
    violations: sql`
    select format('purchase %s: %s units at %s cost %s', attempts.id, quantity, price_cents, amount_cents)
    from ${attempts} as attempts
    join items on items.id = attempts.item_id
    where attempts.position is not null and amount_cents <> quantity * price_cents`,
  };
}

export function checkWindows(attempts: SQL): Check {
  return {
    name: "windows",
    holds: "no purchase outside its sale's window, after its cancellation or in a pause",
    subjects: sql`select count(*) from ${attempts} as attempts where position is not null`,
    violations: sql`
    select format('purchase %s at %s: sale %s', attempts.id, attempts.decided_at, sales.id)
    from ${attempts} as attempts
    join items on items.id = attempts.item_id
    join sales on sales.id = items.sale_id
    where attempts.position is not null
      and (attempts.decided_at < sales.starts_at
        or attempts.decided_at >= sales.ends_at
        or attempts.decided_at >= sales.cancelled_at
        or exists (
          select from sale_pauses
          where sale_pauses.sale_id = sales.id
            and attempts.decided_at >= sale_pauses.paused_at
            and attempts.decided_at < coalesce(sale_pauses.resumed_at, 'infinity')
        ))`,
  };
}

export function checkRefunds(refunds: SQL): Check {
  return {
    name: "refunds",
    holds: "each refund gives back exactly what its purchase took, once",
    subjects: sql`select count(*) from ${refunds} as refunds`,
    violations: sql`
    select format('refund %s of purchase %s', refunds.id, refunds.purchase_id)
    from ${refunds} as refunds
    left join purchase_attempts as attempts on attempts.id = refunds.purchase_id and attempts.position is not null
    where attempts.id is null
      or (refunds.user_id, refunds.item_id, refunds.quantity, refunds.amount_cents)
        <> (attempts.user_id, attempts.item_id, attempts.quantity, attempts.amount_cents)
    union all
    select format('purchase %s: %s refunds', purchase_id, count(*))
    from ${refunds} as refunds
    group by purchase_id
    having count(*) > 1`,
  };
}

export function checkCursors(items: SQL): Check {
  return {
    name: "cursors",
    holds: "each item has a cursor, from 0 to its last position; a closed one stands there",
    subjects: sql`select count(*) from ${items} as items`,
    violations: sql`
    select format('item %s: cursor %s, last position %s', items.id, dispatch_cursors.position, items.last_position)
    from ${items} as items
    left join dispatch_cursors on dispatch_cursors.item_id = items.id
    where dispatch_cursors.position is null
      or dispatch_cursors.position not between 0 and items.last_position
      or dispatch_cursors.is_closed and dispatch_cursors.position <> items.last_position`,
  };
}

export function checkPurchasesTasks(attempts: SQL): Check {
  return {
    name: "purchases' tasks",
    holds: "each purchase up to its item's cursor has its task, unless it was refunded before; none above has one",
    subjects: sql`select count(*) from ${attempts} as attempts where position is not null`,
    violations: sql`
    select format('purchase %s at position %s, cursor %s: task %s %s, units given back: %s', attempts.id,
      attempts.position, dispatch_cursors.position, tasks.status, tasks.payload -> 'lines', refunds.units_returned)
    from ${attempts} as attempts
    join items on items.id = attempts.item_id
    left join dispatch_cursors on dispatch_cursors.item_id = attempts.item_id
    left join tasks on tasks.task_id = attempts.id::text and tasks.kind = 'dispatch'
    left join refunds on refunds.purchase_id = attempts.id
    where attempts.position is not null
      and case
        when attempts.position > dispatch_cursors.position then tasks.id is not null
        when tasks.id is null then refunds.units_returned is not true
        else tasks.payload -> 'lines'
          <> jsonb_build_array(jsonb_build_object('productId', items.product_id, 'quantity', attempts.quantity))
      end`,
  };
}

export function checkReceiptsTasks(receipts: SQL): Check {
  return {
    name: "receipts' tasks",
    holds: "each receipt has its task, which brings its units, unless they were on hand already; then it has none",
    subjects: sql`select count(*) from ${receipts} as receipts`,
    violations: sql`
    select format('receipt %s of %s units, on hand already: %s: task %s %s', receipts.id, receipts.units,
      receipts.on_hand_already, tasks.status, tasks.payload -> 'lines')
    from ${receipts} as receipts
    left join tasks on tasks.task_id = 'receipt-' || receipts.id and tasks.kind = 'receive'
    where case
      when receipts.on_hand_already then tasks.id is not null
      else tasks.id is null
        or tasks.payload -> 'lines' @>
          jsonb_build_array(jsonb_build_object('productId', receipts.product_id, 'quantity', receipts.units)) is not true
    end`,
  };
}
